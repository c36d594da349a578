/** The KPIs of a day that are shown in a terminal. */
export interface DayKpis {
  date: string;
  overview: {
    listen_count: number;
    skip_count: number;
    daily_active_users: number;
    distinct_tracks: number;
    total_listening_ms: number;
    sessions: number;
    avg_session_ms: number | null;
    peak_hour: number | null;
  } | null;
  genres: {
    rank: number;
    genre: string;
    listens: number;
    listeners: number;
    songs: { title: string; listens: number }[];
  }[];
  trending: { asOf: string; tracks: { rank: number; title: string; plays: number; before: number }[] } | null;
}
