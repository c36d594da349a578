"""Random rows of a week with a long tail of tracks, in several files that share rows."""

import random

from oracle.model import Accepted, Track

from support.kpi_world import COUNTRIES, row


def many_songs(count: int = 120) -> dict[str, Track]:
    """Returns tracks of seven genres with one to two artists each."""
    songs = [
        Track(f"t{n:03d}", f"Song {n}", ";".join(f"A{n % k}" for k in (5, 11)), 180_000, f"genre {n % 7}")
        for n in range(count)
    ]
    return {song.track_id: song for song in songs}


def random_rows(chance: random.Random, count: int, songs: int = 120) -> list[Accepted]:
    """Returns rows with different identities."""

    def some_row(number: int) -> Accepted:
        day, hour = chance.randrange(11, 18), int(24 * chance.random() ** 2)
        time = f"2018-11-{day} {hour:02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}.{number % 1000:03d}"
        return row(
            chance.choice(list(COUNTRIES)),
            f"t{int(songs * chance.random() ** 3):03d}",
            time,
            event_id=chance.choice([None, None, f"e{number % 50}"]),
            ms_played=chance.choice([None, 5, 29_999, 30_000, 200_000]),
            completed=chance.choice([None, True, False]),
            device_type=chance.choice([None, "tv", "phone", "Phöne"]),
        )

    return list({found.identity: found for found in map(some_row, range(count))}.values())


def shared_files(chance: random.Random, rows: list[Accepted]) -> dict[str, list[Accepted]]:
    """Puts every row into one to three files."""
    names = ["streams/a.csv", "streams/b.csv", "streams/ä.csv"]
    files: dict[str, list[Accepted]] = {name: [] for name in names}
    for found in rows:
        for name in chance.sample(names, chance.choice([1, 1, 1, 2, 3])):
            files[name].append(found)
    return files
