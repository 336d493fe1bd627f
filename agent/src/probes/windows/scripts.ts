/**
 * The two PowerShell scripts of the agent, constants both, and without double quotes so that they are one plain argument:
 * whoever looks at the process list sees what is asked. Dates leave them as milliseconds, errors as numbers, because
 * their texts are translated. Neither was tried on a real Windows.
 */

const head = `
$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch {}
$o = @{ v = 1 }
function Ask($name, [scriptblock]$block) {
  try { $o[$name] = & $block } catch { $o[$name + '_error'] = '0x{0:x8}' -f $_.Exception.HResult }
}
function Ms($date) {
  if ($date -and $date.Year -gt 1970) { [int64](($date.ToUniversalTime() - [datetime]'1970-01-01').TotalMilliseconds) }
}`;

const tail = '$o | ConvertTo-Json -Depth 4 -Compress';

/**
 * The class of Microsoft Defender is asked only while its service runs: with another product installed the call hangs.
 * https://learn.microsoft.com/previous-versions/windows/desktop/defender/msft-mpcomputerstatus
 */
export const protectionScript = `${head}
Ask 'wsc' { ,@(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct -OperationTimeoutSec 10 |
  Select-Object displayName,instanceGuid,pathToSignedProductExe,productState,timestamp) }
if ((Get-Service WinDefend -ErrorAction SilentlyContinue).Status -eq 'Running') {
  Ask 'mp' { Get-CimInstance -Namespace root/Microsoft/Windows/Defender -ClassName MSFT_MpComputerStatus -OperationTimeoutSec 20 |
    Select-Object AMRunningMode,AMProductVersion,AMEngineVersion,AMServiceEnabled,AntivirusEnabled,RealTimeProtectionEnabled,
      AntivirusSignatureVersion,AntivirusSignatureAge,DefenderSignaturesOutOfDate,IsTamperProtected,ComputerState,ProductStatus,
      RebootRequired,FullScanRequired,FullScanAge,QuickScanAge,
      @{n='AntivirusSignatureLastUpdated';e={Ms $_.AntivirusSignatureLastUpdated}},
      @{n='QuickScanEndTime';e={Ms $_.QuickScanEndTime}},@{n='FullScanEndTime';e={Ms $_.FullScanEndTime}} }
  Ask 'threats' { @(Get-CimInstance -Namespace root/Microsoft/Windows/Defender -ClassName MSFT_MpThreat -OperationTimeoutSec 10 |
    Where-Object IsActive).Count }
}
Ask 'bitlocker' { Get-CimInstance -Namespace root/CIMV2/Security/MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume -OperationTimeoutSec 10 |
  Where-Object DriveLetter -eq $env:SystemDrive | Select-Object ProtectionStatus,ConversionStatus }
Ask 'disks' { ,@(Get-CimInstance -Namespace root/Microsoft/Windows/Storage -ClassName MSFT_PhysicalDisk -OperationTimeoutSec 10 |
  Select-Object DeviceId,FriendlyName,HealthStatus) }
Ask 'smb1' { (Get-SmbServerConfiguration).EnableSMB1Protocol }
Ask 'admins' {
  $sid = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'
  $name = $sid.Translate([System.Security.Principal.NTAccount]).Value.Split('\\')[-1]
  @(([ADSI]('WinNT://./' + $name + ',group')).psbase.Invoke('Members')).Count }
${tail}`;

/**
 * What the last scan of Windows Update found; asks no server. Definitions of Microsoft Defender are left out: they come
 * several times a day. https://learn.microsoft.com/windows/win32/wua_sdk/searching--downloading--and-installing-updates
 */
export const updatesScript = `${head}
Ask 'updates' {
  $search = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
  $search.Online = $false
  $found = $search.Search('IsInstalled=0 and IsHidden=0').Updates
  $total = 0; $security = 0; $oldest = $null
  foreach ($u in $found) {
    $ids = @($u.Categories | ForEach-Object { $_.CategoryID })
    if ($ids -contains 'e0789628-ce08-4437-be74-2495b842f43b') { continue }
    $total++
    if ($ids -contains '0fa1201d-4330-4fa8-8ae9-b877473b6441' -or $u.MsrcSeverity) {
      $security++
      $t = Ms $u.LastDeploymentChangeTime
      if ($t -and (-not $oldest -or $t -lt $oldest)) { $oldest = $t }
    }
  }
  @{ total = $total; security = $security; oldest = $oldest } }
Ask 'checked' { Ms (New-Object -ComObject Microsoft.Update.AutoUpdate).Results.LastSearchSuccessDate }
${tail}`;
