#!/bin/sh
# torch 2.15.0: a compiled function that is called with one tensor for both of its arguments is compiled for
# that case alone. The next call, with two tensors of the same shape, type and device, compiles it again.
# A warm-up that passes its batch as inputs and as targets therefore compiles code that no step will run, and
# the first real step compiles once more. Seen on Python 3.11, Linux, a CPU:
#
#   one tensor twice: 1 compilation
#   two tensors: 2 compilations
#   two others: 2 compilations
#   one tensor twice again: 2 compilations
#
# sh findings/torch_compile_same_tensor_twice.sh      exit code 1 when this has changed
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
cat > "$folder/seen.py" <<'PYTHON'
import torch

compilations = 0


def counting(graph, inputs):
    global compilations
    compilations += 1
    return graph.forward


@torch.compile(backend=counting, dynamic=False)
def product(a, b):
    return (a * b).sum()


def report(name, a, b):
    product(a, b)
    print(f"{name}: {compilations} compilation{'s' * (compilations != 1)}")


one, two, three = torch.ones(4), torch.ones(4), torch.ones(4)
report("one tensor twice", one, one)
report("two tensors", one, two)
report("two others", two, three)
report("one tensor twice again", one, one)
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" | tee "$folder/seen.txt"
cat > "$folder/expected.txt" <<'TEXT'
one tensor twice: 1 compilation
two tensors: 2 compilations
two others: 2 compilations
one tensor twice again: 2 compilations
TEXT
diff "$folder/expected.txt" "$folder/seen.txt"
