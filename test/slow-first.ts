/**
 * Sequencer: the files that take longest begin first, so that no single one is left running at the end of a run.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first; whatever is not named follows in the usual order. */
const SLOW: readonly RegExp[] = [
  /test\/sim\//,
  /test\/torture\//,
  /test\/e2e\//,
  /test\/bench\//,
  /test\/till\/printer-fault/,
  /test\/cloud\/(?:leases|jobs|webhooks|orders|access|members|backup)/,
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((slow) => slow.test(moduleId));
      return at < 0 ? SLOW.length : at;
    };
    return usual.toSorted((a, b) => place(a) - place(b));
  }
}
