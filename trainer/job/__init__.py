"""The job contract: what a job may ask, what it reports, where its files lie. No torch here."""

from trainer.job.base import Contract, JobId, Reference
from trainer.job.loading import (
    Job,
    JobError,
    canonical_bytes,
    check_references,
    job_id,
    one_line,
    parse_job,
    spec_hash,
    validate_job,
)
from trainer.job.paths import (
    RunPaths,
    cache_dir,
    data_dir,
    default_runs_dir,
    is_job_id,
    run_folder_of,
    starter_dir,
)
from trainer.job.result import (
    TERMINAL_STATES,
    CoreReport,
    ExitRecord,
    JobResult,
    JobState,
    Provenance,
    SupervisorRecord,
    TaskScore,
)
from trainer.job.spec import (
    JOB_KINDS,
    CoreSpec,
    EvalJob,
    JobSpec,
    Limits,
    ModelSpec,
    OptimSpec,
    PretrainJob,
    ScheduleSpec,
    SftJob,
    TokenizerJob,
    job_adapter,
)

__all__ = [
    "JOB_KINDS", "TERMINAL_STATES", "Contract", "CoreReport", "CoreSpec", "EvalJob", "ExitRecord",
    "Job", "JobError", "JobId", "JobResult", "JobSpec", "JobState", "Limits", "ModelSpec",
    "OptimSpec", "PretrainJob", "Provenance", "Reference", "RunPaths", "ScheduleSpec", "SftJob",
    "SupervisorRecord", "TaskScore", "TokenizerJob", "cache_dir", "canonical_bytes",
    "check_references", "data_dir", "default_runs_dir", "is_job_id", "job_adapter", "job_id",
    "one_line", "parse_job", "run_folder_of", "spec_hash", "starter_dir", "validate_job",
]
