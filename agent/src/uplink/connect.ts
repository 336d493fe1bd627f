/**
 * A TLS connection to the collector, proven before a single byte of ours is sent: the leaf is signed by a CA whose
 * public key is pinned. Validity dates are not checked: a machine with a wrong clock must still be able to report,
 * and the pin already says which key may speak.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { collectorServerName, encodeBase32 } from '@vonggac/shared';
import type { LineMeter } from './line-meter.ts';

/** In all: a peer that drips bytes must not keep the agent from its other addresses. */
const connectTimeoutMs = 20_000;

/** The other end is not the collector that this machine was enrolled with. */
export class WrongCollector extends Error {
  override name = 'WrongCollector';
}

export interface Connection {
  readonly tls: TLSSocket;
  /** Below TLS. */
  readonly tcp: Socket;
  /** The whole pin of the authority that was proven. */
  readonly pin: string;
}

interface Options {
  readonly pins: readonly string[];
  /** Counts the bytes, also of a connection that comes to nothing. */
  readonly meter?: Pick<LineMeter, 'watch'> | undefined;
}

/** Opens and proves a connection to `host:port`. Throws WrongCollector, or the error of the network. */
export async function connectToCollector(address: string, { pins, meter }: Options): Promise<Connection> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const tcp = connectTcp({ host, port: Number(address.slice(colon + 1)) });
  meter?.watch(tcp);
  const tls = connectTls({
    socket: tcp,
    servername: collectorServerName,
    minVersion: 'TLSv1.3',
    // The chain is checked against the pin below; no public authority has a say.
    rejectUnauthorized: false,
  });
  let pin: string;
  let deadline: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      deadline = setTimeout(
        () => reject(new Error(`no connection to ${address} in ${connectTimeoutMs / 1000} s`)),
        connectTimeoutMs,
      );
      tcp.once('error', reject);
      tls.once('error', reject);
      tls.once('close', () => reject(new Error(`${address} closed the connection during the TLS handshake`)));
      tls.once('secureConnect', resolve);
    });
    pin = verifyPinned(tls, pins);
  } catch (error) {
    tls.destroy();
    tcp.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
  tcp.setNoDelay(true);
  return { tls, tcp, pin };
}

/** Returns the whole pin of the server's authority. */
function verifyPinned(tls: TLSSocket, pins: readonly string[]): string {
  const peer: DetailedPeerCertificate = tls.getPeerCertificate(true);
  const leaf = new X509Certificate(peer.raw);
  const issuer = peer.issuerCertificate?.raw && new X509Certificate(peer.issuerCertificate.raw);
  if (!issuer?.ca || !leaf.checkIssued(issuer) || !leaf.verify(issuer.publicKey)) {
    throw new WrongCollector('the server did not show a certificate signed by its own authority');
  }
  const spki = issuer.publicKey.export({ type: 'spki', format: 'der' });
  const pin = encodeBase32(createHash('sha256').update(spki).digest());
  if (!pins.some((known) => pin.startsWith(known))) {
    throw new WrongCollector("the server's authority is not the one this machine was enrolled with");
  }
  if (leaf.checkHost(collectorServerName) === undefined) {
    throw new WrongCollector("the server's certificate is not for a collector");
  }
  return pin;
}
