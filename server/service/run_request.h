// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a RunRequest, but for its instances; recording.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/control.pb.h"
#include "server/files/output_kind.h"
#include "server/recorder/recorder.h"
#include "server/records/command.h"
#include "server/runs/journal.h"

namespace scamper::service {

// At most some 1000.
std::vector<records::FieldViolation> ValidateRun(const v1::RunRequest& request);

// What is wrong is added to `violations`, with its path behind `path`.
files::OutputKind CheckRecording(const v1::OutputOptions& options, const std::string& path,
                                 std::vector<records::FieldViolation>* violations);
// Null where `options` names no file: nothing is to be recorded. FAILED_PRECONDITION where
// `recorder` is null. REQUIRES: CheckRecording found nothing in what was asked for.
absl::StatusOr<std::unique_ptr<recorder::Recording>> StartRecording(
    recorder::Recorder* recorder, const v1::OutputOptions& options);
void ToProto(const runs::Recorded& recorded, v1::Recorded* proto);

}  // namespace scamper::service
