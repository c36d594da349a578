import { csv } from './csv.ts';
import { albumName, artistName, GENRES, trackId, trackName } from './names.ts';
import { type Chance, zipf } from './random.ts';

export interface Track {
  track_id: string;
  artists: string[];
  album: string;
  name: string;
  duration_ms: number;
  popularity: number;
  explicit: boolean;
  /** The first one counts: further rows are never more popular, nor earlier in the alphabet. */
  genres: string[];
}

// biome-ignore format: a list reads best in rows
const COLUMNS = [
  'id', 'track_id', 'artists', 'album_name', 'track_name', 'popularity', 'duration_ms', 'explicit', 'danceability',
  'energy', 'key', 'loudness', 'mode', 'speechiness', 'acousticness', 'instrumentalness', 'liveness', 'valence',
  'tempo', 'time_signature', 'track_genre',
];

interface Artist {
  name: string;
  genres: string[];
}

const makeArtists = (chance: Chance, howMany: number): Artist[] => {
  const genres = zipf(chance.shuffled(GENRES), 0.6);
  const names = new Set<string>();
  while (names.size < howMany) {
    const name = artistName(chance);
    names.add(names.has(name) ? `${name} ${['II', 'Trio', 'Collective', 'Band', 'Project'][names.size % 5]}` : name);
  }
  return [...names].map((name) => ({
    name,
    genres: [...new Set(Array.from({ length: chance.int(1, 4) }, () => genres.pick(chance)))],
  }));
};

/** Makes tracks, the most popular first. */
export const makeCatalogue = (chance: Chance, howMany: number): Track[] => {
  const artists = makeArtists(chance, Math.ceil(howMany / 4));
  const byFame = zipf(artists, 0.5);
  return Array.from({ length: howMany }, (_, rank) => {
    const artist = byFame.pick(chance);
    const guest = chance.happens(0.12) ? [chance.pick(artists).name] : [];
    const several = chance.happens(0.3) ? artist.genres : [chance.pick(artist.genres)];
    return {
      track_id: trackId(chance),
      artists: [...new Set([artist.name, ...guest])],
      album: albumName(chance),
      name: trackName(chance),
      duration_ms: chance.int(95_000, 330_000),
      popularity: Math.max(0, Math.round(97 * (1 - rank / howMany) ** 1.5) - chance.int(0, 6)),
      explicit: chance.happens(0.09),
      genres: [...several].sort(),
    };
  });
};

/** Writes songs.csv in the layout of the Spotify-tracks data: one row per track and genre. */
export const songsCsv = (chance: Chance, tracks: readonly Track[]): string => {
  const share = (): string => (chance.int(0, 1000) / 1000).toFixed(3);
  const rows = tracks.flatMap((track) =>
    track.genres.map((genre) => [
      track.track_id,
      track.artists.join(';'),
      track.album,
      track.name,
      String(track.popularity),
      String(track.duration_ms),
      track.explicit ? 'True' : 'False',
      share(),
      share(),
      String(chance.int(0, 12)),
      (-chance.int(2000, 20_000) / 1000).toFixed(3),
      String(chance.int(0, 2)),
      share(),
      share(),
      share(),
      share(),
      share(),
      (chance.int(60_000, 190_000) / 1000).toFixed(3),
      '4',
      genre,
    ]),
  );
  return csv(
    COLUMNS,
    chance.shuffled(rows).map((row, id) => [String(id), ...row]),
  );
};
