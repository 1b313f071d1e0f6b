"""Data sets: folders with any of `pretrain/*.parquet`, `chat/*.jsonl[.zst]` and `core/`."""

from trainer.data.catalog import DataSet, open_data
from trainer.data.errors import DataError

__all__ = ["DataError", "DataSet", "open_data"]
