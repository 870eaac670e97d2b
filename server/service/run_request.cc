// SPDX-License-Identifier: Apache-2.0
#include "server/service/run_request.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/records/micros.h"
#include "server/records/registry.h"
#include "server/service/file_options.h"
#include "server/service/status.h"

namespace scamper::service {
namespace {

constexpr size_t kMaxViolations = 1000;
constexpr size_t kMaxRequestId = 128;

void CheckDuration(const std::string& field, const google::protobuf::Duration& value,
                   absl::Duration max, std::vector<records::FieldViolation>* all) {
  const absl::Duration duration = records::ToAbsl(value);
  if (duration >= absl::Milliseconds(1) && duration <= max) return;
  all->push_back({field, absl::StrCat("must be within 1ms - ", absl::FormatDuration(max), ", is ",
                                      absl::FormatDuration(duration))});
}

void CheckStop(const v1::StopRules& stop, std::vector<records::FieldViolation>* all) {
  if (stop.has_results() && stop.results() == 0) {
    all->push_back({"stop.results", "must be at least 1"});
  }
  if (stop.has_results_per_destination() && stop.results_per_destination() == 0) {
    all->push_back({"stop.results_per_destination", "must be at least 1"});
  }
  if (stop.has_quiet_time()) {
    CheckDuration("stop.quiet_time", stop.quiet_time(), absl::Hours(30 * 24), all);
  }
  if (stop.has_time_limit()) {
    CheckDuration("stop.time_limit", stop.time_limit(), absl::Hours(365 * 24), all);
  }
}

}  // namespace

std::vector<records::FieldViolation> ValidateRun(const v1::RunRequest& request) {
  std::vector<records::FieldViolation> all;
  if (request.measurements().empty()) {
    all.push_back({"measurements", "must have at least one"});
  }
  CheckStop(request.stop(), &all);
  const std::string& id = request.request_id();
  if (id.size() > kMaxRequestId ||
      !std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; })) {
    all.push_back({"request_id", "must be up to 128 printable ASCII characters without spaces"});
  }
  if (request.has_recording()) CheckRecording(request.recording(), "recording", &all);
  for (int i = 0; i < request.measurements_size() && all.size() < kMaxViolations; ++i) {
    for (records::FieldViolation& v : records::Validate(request.measurements(i))) {
      all.push_back({absl::StrCat("measurements[", i, "].", v.field), std::move(v.description)});
    }
  }
  return all;
}

files::OutputKind CheckRecording(const v1::OutputOptions& options, const std::string& path,
                                 std::vector<records::FieldViolation>* violations) {
  if (options.file().empty()) {
    violations->push_back({path + ".file", "must be set"});
    return {};
  }
  return CheckOutput(options, path, violations);
}

absl::StatusOr<std::unique_ptr<recorder::Recording>> StartRecording(
    recorder::Recorder* recorder, const v1::OutputOptions& options) {
  if (options.file().empty()) return nullptr;
  if (recorder == nullptr) return CheckStore(nullptr);
  std::vector<records::FieldViolation> none;
  return recorder->Start(options.file(), CheckRecording(options, "", &none), options.overwrite());
}

void ToProto(const runs::Recorded& recorded, v1::Recorded* proto) {
  if (recorded.file.ok()) {
    ToProto(*recorded.file, proto->mutable_file());
  } else {
    *proto->mutable_error() = ToRpc(recorded.file.status());
  }
  proto->set_left_out(recorded.left_out);
}

}  // namespace scamper::service
