"""Strategies: runs of uploads of small files."""

from hypothesis import strategies as st

from support.kpi_world import row

NAMES = ("streams/b.csv", "streams/a.csv", "streams/ä.csv")

rows = st.builds(
    row,
    st.sampled_from(["u1", "u2", "u3"]),
    st.sampled_from(["t1", "t2", "t3", "t4"]),
    st.builds(
        "2018-11-{:02d} {:02d}:{:02d}:00.{:03d}".format,
        st.sampled_from([14, 15, 16, 19]),
        st.sampled_from([0, 9, 10, 23]),
        st.sampled_from([0, 29, 30, 59]),
        st.sampled_from([0, 1]),
    ),
    ms_played=st.sampled_from([None, 29_999, 30_000, 90_000]),
    completed=st.sampled_from([None, True, False]),
    device_type=st.sampled_from([None, "tv", "phone"]),
    event_id=st.sampled_from([None, None, "e1", "e2", "e3"]),
)
#: A file's rows: validate leaves one copy of a row in a file.
contents = st.lists(rows, max_size=8).map(lambda found: list({one.identity: one for one in found}.values()))
uploads = st.lists(
    st.lists(st.tuples(st.sampled_from(NAMES), contents), min_size=1, max_size=3), min_size=1, max_size=3
)
