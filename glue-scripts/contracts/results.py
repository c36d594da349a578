"""What each job commits; packages/contracts/src/results/ describes it."""

from contracts.generated.results import *  # noqa: F403
