// SPDX-License-Identifier: Apache-2.0
// Validate, Command and Key of registry.h: one row for each kind of measurement.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scamper/v1/control.pb.h"
#include "server/records/command.h"
#include "server/records/ping/ping_command.h"
#include "server/records/registry.h"
#include "server/records/result_key.h"
#include "server/records/trace/trace_command.h"

namespace scamper::records {
namespace {

struct Row {
  v1::Measurement::KindCase kind;
  std::vector<FieldViolation> (*validate)(const v1::Measurement&);
  absl::StatusOr<std::string> (*command)(const v1::Measurement&, int version);
  std::string (*key)(const v1::Measurement&);
};

constexpr Row kRows[] = {
    {v1::Measurement::kTrace, [](const v1::Measurement& m) { return ValidateTrace(m.trace()); },
     [](const v1::Measurement& m, int version) { return TraceCommand(m.trace(), version); },
     [](const v1::Measurement& m) {
       return ResultKey(v1::Record::kTrace, m.trace().dst(), m.trace().userid());
     }},
    {v1::Measurement::kPing, [](const v1::Measurement& m) { return ValidatePing(m.ping()); },
     [](const v1::Measurement& m, int version) { return PingCommand(m.ping(), version); },
     [](const v1::Measurement& m) {
       return ResultKey(v1::Record::kPing, m.ping().dst(), m.ping().userid());
     }},
};

const Row* Find(const v1::Measurement& measurement) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& r) { return r.kind == measurement.kind_case(); });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

std::vector<FieldViolation> Validate(const v1::Measurement& measurement) {
  const Row* row = Find(measurement);
  if (row == nullptr) return {{"kind", "must say what to measure, e.g. ping"}};
  return row->validate(measurement);
}

absl::StatusOr<std::string> Command(const v1::Measurement& measurement, int version) {
  const Row* row = Find(measurement);
  if (row == nullptr) return absl::InternalError("the measurement was not checked");
  return row->command(measurement, version);
}

std::string Key(const v1::Measurement& measurement) {
  const Row* row = Find(measurement);
  return row == nullptr ? "" : row->key(measurement);
}

}  // namespace scamper::records
