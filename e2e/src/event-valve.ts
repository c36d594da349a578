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

/** Stands where Glue publishes its state changes: lets them pass, loses them or says them twice. */
export class EventValve {
  readonly lost: GlueEnd[] = [];
  #loses: (end: GlueEnd) => boolean = () => false;

  /** Loses the events that `which` names, while `work` goes on. */
  async losing<T>(which: (end: GlueEnd) => boolean, work: () => Promise<T>): Promise<T> {
    this.#loses = which;
    try {
      return await work();
    } finally {
      this.#loses = () => false;
    }
  }

  readonly wrap: PublishWrapper = (publish) => (event) => {
    const end = endOf(event);
    if (this.#loses(end)) this.lost.push(end);
    else publish(event);
  };
}
