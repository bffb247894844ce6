#!/usr/bin/env bash
# run.sh [RINGMAKER]: from the model.tar.gz of a SageMaker XGBoost job to an answer. RINGMAKER is the
# binary, build/release/ringmaker by default. Everything happens in a temporary directory.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
ringmaker=${1:-$root/build/release/ringmaker}
model=$root/tests/golden/xgboost/binary
port=${SAGEMAKER_BIND_TO_PORT:-8080}

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

work=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null; wait "$server" || true; }
  rm -rf "$work"
}
trap cleanup EXIT

say "1. What an XGBoost training job leaves: model.tar.gz with one file, xgboost-model"
mkdir "$work/job" "$work/model"
cp "$model/model.ubj" "$work/job/xgboost-model"
tar -C "$work/job" -czf "$work/model.tar.gz" xgboost-model
tar -tzvf "$work/model.tar.gz"

say "2. What SageMaker does with it: unpack it into /opt/ml/model"
tar -C "$work/model" -xzf "$work/model.tar.gz"
"$ringmaker" inspect --model-dir "$work/model"

say "3. ringmaker serve"
"$ringmaker" serve --model-dir "$work/model" --port "$port" &
server=$!
url=http://127.0.0.1:$port
for _ in $(seq 100); do
  curl -fs -o /dev/null "$url/ping" && break
  kill -0 "$server" 2>/dev/null || { echo "the server has ended" >&2; exit 1; }
  sleep 0.05
done

say "4. The answers, and what XGBoost itself said"
tail -n +2 "$model/input.csv" | head -n 3 > "$work/rows.csv"
curl -fsS -H 'Content-Type: text/csv' --data-binary @"$work/rows.csv" "$url/invocations" | tee "$work/answers"
tail -n +2 "$model/expected.csv" | head -n 3 | cut -d, -f2 | tee "$work/expected"
paste "$work/answers" "$work/expected" | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 1e-6) exit 1 }'
echo "the same"
