-- wrk: one party a request, the names of a file in turn. BODIES is a file with one JSON body a line.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local at, path = 0, os.getenv("TARGET") or "/v1/screen"
local headers = { ["Content-Type"] = "application/json" }
local threads = 0
-- Each thread begins at another place.
function setup(thread) thread:set("first", threads * 997); threads = threads + 1 end
function init() at = first or 0 end
function request()
  at = at % #bodies + 1
  return wrk.format("POST", path, headers, bodies[at])
end
function done(summary, latency)
  io.write(string.format("RESULT requests=%d errors=%d status=%d seconds=%.2f rate=%.0f p50_ms=%.3f p99_ms=%.3f\n",
    summary.requests, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.errors.status, summary.duration / 1e6, summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
