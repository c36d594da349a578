import { GLUE_JOBS, STAGES, type Stage } from '@music-etl/contracts';
import type { BusEvent, PublishWrapper } from '@music-etl/local';

export interface RunEnd {
  readonly stage: Stage | undefined;
  readonly state: string;
}

const runEndOf = ({ detail }: BusEvent): RunEnd => ({
  stage: STAGES.find((stage) => GLUE_JOBS[stage] === detail.jobName),
  state: String(detail.state),
});

/** Passes or loses the state changes that Glue publishes. */
export class EventGate {
  readonly #lost: RunEnd[] = [];
  #loses: (end: RunEnd) => boolean = () => false;

  /** Loses the events that `which` selects, from now on. */
  lose(which: (end: RunEnd) => boolean): void {
    this.#loses = which;
  }

  /** Returns the number of lost events of a stage. */
  lostOf(stage: Stage): number {
    return this.#lost.filter((end) => end.stage === stage).length;
  }

  readonly wrap: PublishWrapper = (publish) => (event) => {
    const end = runEndOf(event);
    if (this.#loses(end)) this.#lost.push(end);
    else publish(event);
  };
}
