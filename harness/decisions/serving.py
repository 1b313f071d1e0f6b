"""What the end serves: deployment, headline evaluation, and the session's last line. Pure."""

from harness.decisions.actions import Action, Deploy, Finish, Launch
from harness.decisions.view import LabView, has_ended
from harness.decisions.work import next_step
from harness.plan.jobs import eval_job
from harness.plan.plan import Plan
from journal.records import UNDECIDED, Deployment, JobRow
from trainer.job import PretrainJob, SftJob, parse_job


def serve(view: LabView, plan: Plan, tuned: JobRow) -> list[Action]:
    """Deploy and evaluate the session's model; [] to wait."""
    actions: list[Action] = []
    deployment = _deployment_of(view, tuned)
    if deployment is None:
        actions.append(Deploy(tuned.job_id))
    evaluation = _evaluation(view, plan, tuned)
    actions += evaluation or []
    waits = deployment is None or deployment.state in UNDECIDED or evaluation is not None
    if waits and view.seconds_left > plan.report_seconds:
        return actions
    if deployment is None or deployment.state != "live":
        return [Finish(f"the champion's deployment {_state_in_words(deployment)}", ok=False)]
    return [Finish(_outcome(view, tuned), ok=True)]


def _outcome(view: LabView, served: JobRow) -> str:
    if served.purpose != "early_sft":
        return f"champion {served.job_id} is deployed"
    return f"early model {served.job_id} is deployed: {_why_early(view.latest('champion_sft'))}"


def _why_early(tuned: JobRow | None) -> str:
    if tuned is None:
        return "no time was left to fine-tune the champion"
    if tuned.reason == "time_limit":
        return f"the champion's fine-tuning was cut by time after {trained_share(tuned):.0%}"
    return f"the champion's fine-tuning failed ({tuned.reason})"


def trained_share(row: JobRow) -> float:
    """Of a fine-tuning job's horizon, tokens or seconds, what comes first; 0.0 where it is unknown."""
    job = parse_job(row.spec)
    if not isinstance(job, SftJob):
        return 0.0
    planned = {"tokens": job.train_tokens, "train_seconds": job.train_seconds}
    return max((row.metrics.get(name, 0.0) / most for name, most in planned.items() if most), default=0.0)


def _state_in_words(deployment: Deployment | None) -> str:
    if deployment is None or deployment.state in UNDECIDED:
        return "was not answered in time"
    return deployment.state if deployment.reason is None else f"{deployment.state} ({deployment.reason})"


def _evaluation(view: LabView, plan: Plan, tuned: JobRow) -> list[Action] | None:
    """The headline numbers; None when they are in, or there is no time for them."""
    row = view.latest("champion_eval")
    kept = plan.report_seconds
    if row is not None and has_ended(view, row):
        return None
    if row is None and view.seconds_left < kept + 0.5 * plan.eval_seconds:
        return None
    items = plan.core_per_task_final(view.scale, depth_of(view, tuned))
    job = eval_job(view.scale, view.session.data, tuned.job_id, items, 4 * plan.eval_seconds + 60.0)
    attempts = [] if row is None else [row]
    return list(next_step(view, Launch(job, "champion_eval", kept), attempts).actions)


def depth_of(view: LabView, row: JobRow) -> int:
    """The depth of a model; a fine-tuned one has that of its base."""
    job = parse_job(row.spec)
    if isinstance(job, PretrainJob):
        return job.model.depth
    base = next((r for r in view.jobs if isinstance(job, SftJob) and r.job_id == job.base), None)
    return view.scale.depth if base is None else depth_of(view, base)


def _deployment_of(view: LabView, row: JobRow) -> Deployment | None:
    own = [d for d in view.deployments if d.job_id == row.job_id]
    return own[-1] if own else None
