# Two stages: the first builds the wheel and installs exactly what requirements/run.txt names by hash; the second holds
# the result and an ordinary user, and no tool to install more. Nothing here is secret: keys are made at first start, in
# the volume. `make docker-proof` carries out the first stage line by line where no Docker runs, so a RUN is one line.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements requirements
RUN python -m venv tools && tools/bin/python -m pip install -q --require-hashes -r requirements/build.txt
RUN python -m venv /opt/true-api && /opt/true-api/bin/python -m pip install -q --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY migrations migrations
RUN tools/bin/python -m pip wheel -q --no-deps --no-build-isolation --wheel-dir dist .
RUN /opt/true-api/bin/python -m pip install -q --no-deps --no-index dist/*.whl
RUN /opt/true-api/bin/python -m pip check
RUN /opt/true-api/bin/python -m pip uninstall -q --yes pip

FROM python:3.13-slim
RUN groupadd --system --gid 10001 true-api \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/true-api --shell /usr/sbin/nologin true-api \
 && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/true-api
COPY --from=build /opt/true-api /opt/true-api
ENV PATH=/opt/true-api/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TRUE_DATA_DIR=/var/lib/true-api
USER 10001:10001
# The working folder is the one place that can be written, and so where SQLite puts what it needs for a moment.
WORKDIR /var/lib/true-api
VOLUME ["/var/lib/true-api"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import sys, http.client as http; call = http.HTTPConnection('127.0.0.1', 8000, timeout=3); call.request('GET', '/health/live'); sys.exit(call.getresponse().status != 200)"]
CMD ["true-api", "serve", "--host", "0.0.0.0"]
