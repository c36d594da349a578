"""The ledger of a date: accepted = counted + skipped + duplicate."""

from contracts.documents import DateLedger
from sql.session import Session

EMPTY: DateLedger = {"accepted": 0, "counted": 0, "skipped": 0, "duplicate": 0}


def read_ledger(session: Session, accepted: int) -> DateLedger:
    """Returns the ledger of the step `ledger`; `accepted` is what the files' documents say."""
    ((counted, skipped, duplicate),) = session.query("select counted, skipped, duplicate from ledger")
    return {"accepted": accepted, "counted": int(counted), "skipped": int(skipped), "duplicate": int(duplicate)}


def balances(ledger: DateLedger) -> bool:
    """Returns whether every accepted row is counted, skipped or a duplicate."""
    return ledger["accepted"] == ledger["counted"] + ledger["skipped"] + ledger["duplicate"]
