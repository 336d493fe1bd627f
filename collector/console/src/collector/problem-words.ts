/** What is wrong with the collector, in words of the reader's language. */
import type { CollectorView } from '../../../src/http/collector-schemas.ts';
import type { Texts } from '../text/language.tsx';

type SelfProblem = CollectorView['problems'][number];

export function problemWords(problem: SelfProblem, { t }: Pick<Texts, 't'>): { text: string; action: string } {
  const { code, facts, severity } = problem;
  const fact = (name: string) => facts[name] ?? '?';
  switch (code) {
    case 'store':
      return { text: t('problemStore'), action: t('problemStoreAction') };
    case 'disk': {
      const free = fact('free');
      const text = severity === 'critical' ? t('problemDiskFull', { free }) : t('problemDiskLow', { free });
      return { text, action: t('problemDiskAction') };
    }
    case 'event-loop':
      return { text: t('problemLoop', { longest: fact('longest') }), action: t('problemLoopAction') };
    case 'ingest':
      return { text: t('problemIngest', { lag: fact('lag') }), action: t('problemIngestAction') };
    case 'memory':
      return { text: t('problemMemory', { used: fact('used') }), action: t('problemMemoryAction') };
    case 'certificate': {
      const [name, days] = [fact('name'), fact('days')];
      const text =
        Number(days) < 0 ? t('problemCertificateEnded', { name }) : t('problemCertificateEnds', { name, days });
      return { text, action: t('problemCertificateAction') };
    }
  }
}
