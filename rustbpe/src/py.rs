//! The Python module `trainer._rustbpe`; see `trainer/_rustbpe.pyi`.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBytes, PyString};

use crate::{encode_batch, thread_count, train, Bpe, Error, WordCounts, PATTERN};

/// Texts are taken from the iterator until they hold this much, then counted without the GIL.
const CHUNK_BYTES: usize = 8 << 20;

#[pymodule]
fn _rustbpe(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("PATTERN", PATTERN)?;
    module.add("MAX_TOKEN_BYTES", crate::MAX_TOKEN_BYTES)?;
    module.add_function(wrap_pyfunction!(split, module)?)?;
    module.add_class::<PyBpe>()
}

/// The pieces of `text` that PATTERN matches.
#[pyfunction]
fn split(text: &str) -> Vec<&str> {
    crate::pieces(text).collect()
}

#[pyclass(name = "Bpe", module = "trainer._rustbpe", frozen)]
struct PyBpe {
    bpe: Bpe,
}

#[pymethods]
impl PyBpe {
    #[new]
    #[pyo3(signature = (merges, special_tokens=Vec::new()))]
    fn new(merges: Vec<(u32, u32)>, special_tokens: Vec<String>) -> PyResult<Self> {
        Ok(Self { bpe: Bpe::new(merges, special_tokens)? })
    }

    #[staticmethod]
    #[pyo3(signature = (texts, merges, special_tokens=Vec::new(), threads=None))]
    fn train(
        texts: &Bound<'_, PyAny>,
        merges: usize,
        special_tokens: Vec<String>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let counts = count(texts, thread_count(threads))?;
        let trained = texts.py().detach(|| Bpe::new(train(counts.into_words(), merges)?, special_tokens));
        Ok(Self { bpe: trained? })
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        Ok(Self { bpe: py.detach(|| Bpe::from_json(data))? })
    }

    fn to_json(&self) -> PyResult<String> {
        Ok(self.bpe.to_json()?)
    }

    #[getter]
    fn vocab_size(&self) -> usize {
        self.bpe.vocab_size()
    }

    #[getter]
    fn merges(&self) -> Vec<(u32, u32)> {
        self.bpe.merges().to_vec()
    }

    #[getter]
    fn special_tokens(&self) -> Vec<String> {
        self.bpe.specials().to_vec()
    }

    fn special(&self, name: &str) -> Option<u32> {
        self.bpe.special(name)
    }

    fn token<'py>(&self, py: Python<'py>, id: u32) -> Option<Bound<'py, PyBytes>> {
        self.bpe.token(id).map(|token| PyBytes::new(py, token))
    }

    fn encode<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyArray1<i32>>> {
        let (py, text) = (text.py(), Text::new(text)?);
        Ok(array(py, py.detach(|| self.bpe.encode(text.as_ref()))))
    }

    #[pyo3(signature = (texts, threads=None))]
    fn encode_batch<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<Bound<'py, PyAny>>,
        threads: Option<usize>,
    ) -> PyResult<Vec<Bound<'py, PyArray1<i32>>>> {
        let texts = texts
            .iter()
            .enumerate()
            .map(|(index, item)| Text::item(index, item))
            .collect::<PyResult<Vec<_>>>()?;
        let encoded = py.detach(|| encode_batch(&self.bpe, &texts, thread_count(threads)));
        Ok(encoded.into_iter().map(|ids| array(py, ids)).collect())
    }

    #[pyo3(signature = (ids, render_specials=false))]
    fn decode<'py>(
        &self,
        py: Python<'py>,
        ids: PyReadonlyArray1<'py, i64>,
        render_specials: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let known = |&id: &i64| u32::try_from(id).map_err(|_| self.bpe.unknown_id(id));
        let ids = ids.as_array().iter().map(known).collect::<Result<Vec<_>, _>>()?;
        Ok(PyBytes::new(py, &self.bpe.decode(&ids, render_specials)?))
    }
}

fn count(texts: &Bound<'_, PyAny>, threads: usize) -> PyResult<WordCounts> {
    let mut counts = WordCounts::new(threads);
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for (index, item) in texts.try_iter()?.enumerate() {
        let text = Text::item(index, &item?)?;
        bytes += text.as_ref().len();
        chunk.push(text);
        if bytes >= CHUNK_BYTES {
            texts.py().detach(|| counts.add(&chunk));
            (chunk, bytes) = (Vec::new(), 0);
        }
    }
    texts.py().detach(|| counts.add(&chunk));
    Ok(counts)
}

/// A Python string without a copy, unless it holds lone surrogates, which become U+FFFD.
enum Text {
    Shared(PyBackedStr),
    Repaired(String),
}

impl Text {
    fn new(text: &Bound<'_, PyString>) -> PyResult<Self> {
        Ok(match PyBackedStr::try_from(text.clone()) {
            Ok(shared) => Self::Shared(shared),
            Err(_) => Self::Repaired(text.to_string_lossy().into_owned()),
        })
    }

    fn item(index: usize, item: &Bound<'_, PyAny>) -> PyResult<Self> {
        match item.cast::<PyString>() {
            Ok(text) => Self::new(text),
            Err(_) => {
                Err(PyTypeError::new_err(format!("texts.{index}: {}; allowed: str", item.get_type().name()?)))
            }
        }
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        match self {
            Self::Shared(text) => text,
            Self::Repaired(text) => text,
        }
    }
}

fn array(py: Python<'_>, ids: Vec<u32>) -> Bound<'_, PyArray1<i32>> {
    // Ids stay far below 2^31 (MAX_MERGES).
    ids.into_iter().map(|id| id as i32).collect::<Vec<_>>().into_pyarray(py)
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        PyValueError::new_err(error.to_string())
    }
}
