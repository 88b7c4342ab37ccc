#!/usr/bin/env bash
# Exchanges the SCM service account's credentials for the address of the private package index, and prints it alone.
#
#   pip install model-security-client --index-url "$(./getPYPIurl.sh)"
#
# The address holds a token that lasts about an hour: do not echo it. Secrets travel to curl on standard input, never in
# an argument list. Needs curl and jq.
set -euo pipefail

: "${MODEL_SECURITY_CLIENT_ID:?Error: MODEL_SECURITY_CLIENT_ID not set}"
: "${MODEL_SECURITY_CLIENT_SECRET:?Error: MODEL_SECURITY_CLIENT_SECRET not set}"
: "${TSG_ID:?Error: TSG_ID not set}"
api="${MODEL_SECURITY_API_ENDPOINT:-https://api.sase.paloaltonetworks.com/aims}"
tokens="${MODEL_SECURITY_TOKEN_ENDPOINT:-https://auth.apps.paloaltonetworks.com/oauth2/access_token}"

fail() {
  echo "Error: $1" >&2
  exit 1
}

for program in curl jq; do
  command -v "$program" > /dev/null || fail "$program is not installed: sudo apt-get install -y $program"
done

# A line of a curl configuration: quotes and backslashes of the value are escaped.
line() {
  local value="${2//\\/\\\\}"
  printf '%s = "%s"\n' "$1" "${value//\"/\\\"}"
}

ask() {
  curl --silent --fail --show-error --retry 3 --max-time 60 --config - "$@"
}

answer="$(line user "$MODEL_SECURITY_CLIENT_ID:$MODEL_SECURITY_CLIENT_SECRET" |
  ask --data-urlencode grant_type=client_credentials --data-urlencode "scope=tsg_id:$TSG_ID" "$tokens")" ||
  fail "Failed to obtain SCM access token (check MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET and TSG_ID)"
token="$(jq -er '.access_token' <<< "$answer" 2> /dev/null)" || fail "Failed to extract access token from response"

answer="$(line header "Authorization: Bearer $token" | ask "${api%/}/mgmt/v1/pypi/authenticate")" ||
  fail "Failed to retrieve PyPI URL (check MODEL_SECURITY_API_ENDPOINT; the service account needs Model Security access)"
jq -er '.url' <<< "$answer" 2> /dev/null || fail "Failed to extract PyPI URL from response"
