import { GLUE_JOBS, STAGES, type Stage } from '@music-etl/contracts';
import type { BusEvent, PublishWrapper } from '@music-etl/local';

export interface GlueEnd {
  readonly stage: Stage | undefined;
  readonly state: string;
}

const endOf = ({ detail }: BusEvent): GlueEnd => ({
  stage: STAGES.find((stage) => GLUE_JOBS[stage] === detail.jobName),
  state: String(detail.state),
});

/** Stands where Glue publishes its state changes: lets them pass, or loses them. */
export class EventGate {
  readonly #lost: GlueEnd[] = [];
  #loses: (end: GlueEnd) => boolean = () => false;

  /** From now on loses the events that `which` names. */
  lose(which: (end: GlueEnd) => boolean): void {
    this.#loses = which;
  }

  /** How many ends of a stage's runs nobody heard of. */
  lostOf(stage: Stage): number {
    return this.#lost.filter((end) => end.stage === stage).length;
  }

  readonly wrap: PublishWrapper = (publish) => (event) => {
    const end = endOf(event);
    if (this.#loses(end)) this.#lost.push(end);
    else publish(event);
  };
}
