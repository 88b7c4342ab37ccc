#!/usr/bin/env bash
# Exchanges the SCM service account's credentials for the address of the private package index, and prints it alone.
#
#   url="$(./getPYPIurl.sh)" &&
#     PIP_CONFIG_FILE=/dev/null PIP_EXTRA_INDEX_URL='' PIP_FIND_LINKS='' PIP_INDEX_URL="$url" \
#       pip install --no-deps -r requirements.txt airs-schemas &&
#     pip install -r requirements.txt
#
# That is one command: the vendor's two from the private index, then what they need from the ordinary one. An empty
# PIP_INDEX_URL means the public index to pip, where a placeholder lies: it is not reached where no address came.
#
# The address holds a token that lasts about an hour: it is no argument of a program, for those are seen by every process
# of the machine, and nothing to echo. On Azure Pipelines and GitHub Actions the agent is told to mask it (on standard
# error, in the agent's own words). Secrets travel to curl on standard input, never in an argument list.
# Needs curl and jq.
set -euo pipefail

fail() {
  echo "Error: $1" >&2
  exit 1
}

# A variable that nobody set arrives from Azure Pipelines as the text that names it.
for name in MODEL_SECURITY_CLIENT_ID MODEL_SECURITY_CLIENT_SECRET TSG_ID MODEL_SECURITY_API_ENDPOINT \
  MODEL_SECURITY_TOKEN_ENDPOINT; do
  if [[ "${!name:-}" == \$\(* ]]; then unset "$name"; fi
done
for name in MODEL_SECURITY_CLIENT_ID MODEL_SECURITY_CLIENT_SECRET TSG_ID; do
  [ -n "${!name:-}" ] || fail "$name not set"
done
api="${MODEL_SECURITY_API_ENDPOINT:-https://api.sase.paloaltonetworks.com/aims}"
tokens="${MODEL_SECURITY_TOKEN_ENDPOINT:-https://auth.apps.paloaltonetworks.com/oauth2/access_token}"

encrypted() {
  [[ "$1" =~ ^(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?/) ]]
}
encrypted "$api/" || fail "MODEL_SECURITY_API_ENDPOINT is no https address"
encrypted "$tokens" || fail "MODEL_SECURITY_TOKEN_ENDPOINT is no https address"

for program in curl jq; do
  command -v "$program" > /dev/null || fail "$program is not installed: sudo apt-get install -y $program"
done

# A line of a curl configuration: what would end the quotes, or the line, is escaped.
line() {
  local value="${2//\\/\\\\}"
  value="${value//\"/\\\"}"
  value="${value//$'\n'/\\n}"
  printf '%s = "%s"\n' "$1" "${value//$'\r'/\\r}"
}

ask() {
  curl --silent --fail --show-error --retry 3 --retry-max-time 90 --max-time 60 --config - "$@"
}

answer="$(line user "$MODEL_SECURITY_CLIENT_ID:$MODEL_SECURITY_CLIENT_SECRET" |
  ask --data-urlencode grant_type=client_credentials --data-urlencode "scope=tsg_id:$TSG_ID" -- "$tokens")" ||
  fail "Failed to obtain SCM access token (check MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET and TSG_ID)"
token="$(printf '%s' "$answer" | jq -er '.access_token | strings' 2> /dev/null)" ||
  fail "Failed to extract access token from response (check MODEL_SECURITY_TOKEN_ENDPOINT)"

answer="$(line header "Authorization: Bearer $token" | ask -- "${api%/}/mgmt/v1/pypi/authenticate")" ||
  fail "Failed to retrieve PyPI URL (check MODEL_SECURITY_API_ENDPOINT; the service account needs Model Security access)"
url="$(printf '%s' "$answer" | jq -er '.url | strings' 2> /dev/null)" ||
  fail "Failed to extract PyPI URL from response (check MODEL_SECURITY_API_ENDPOINT)"
bare="$url"
if [[ "$url" == *@* ]]; then bare="${url%%://*}://${url##*@}"; fi
if [[ "$url" == *[[:space:]]* ]] || ! encrypted "$bare"; then
  fail "Failed to extract PyPI URL from response (it holds no https address)"
fi

# The agent blots out what it was told to, wherever it turns up later: the address, and the login in it.
login="${url#*://}"
for text in "$url" "${login%@*}"; do
  if [ -n "${TF_BUILD:-}" ]; then echo "##vso[task.setsecret]$text" >&2; fi
  if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::add-mask::${text//%/%25}" >&2; fi
done
printf '%s\n' "$url"
