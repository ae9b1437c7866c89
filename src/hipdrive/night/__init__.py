"""One night in its one order: which steps there are, what each of them does, what is told of it. Knows no Prefect."""

import os

# The estimate's matrices are small: threads in the linear algebra only make it slower beside other work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
