// SPDX-License-Identifier: Apache-2.0
// The options of the calls of ScamperFiles, checked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scamper/v1/files.pb.h"
#include "server/files/convert.h"
#include "server/io/byte_source.h"
#include "server/records/command.h"
#include "server/store/store.h"

namespace scamper::service {

// What is wrong is added to `violations`, with its path behind `path`.
files::InputOptions CheckInput(const v1::InputOptions& options, const std::string& path,
                               std::vector<records::FieldViolation>* violations);
files::OutputKind CheckOutput(const v1::OutputOptions& options, const std::string& path,
                              std::vector<records::FieldViolation>* violations);
void CheckFileName(const std::string& name, const std::string& path,
                   std::vector<records::FieldViolation>* violations);

// FAILED_PRECONDITION where there is no store.
absl::Status CheckStore(const store::Store* store);

// The file of the store that `options` names, or else `chunks`. Errors as of Store::Read and
// CheckStore.
absl::StatusOr<std::unique_ptr<io::ByteSource>> OpenInput(const v1::InputOptions& options,
                                                          const store::Store* store,
                                                          std::unique_ptr<io::ByteSource> chunks);

void ToProto(const files::Totals& totals, v1::FileSummary* summary);
void ToProto(const files::SkippedRegion& region, v1::SkippedRegion* proto);
void ToProto(const store::FileInfo& file, v1::StoredFile* proto);

}  // namespace scamper::service
