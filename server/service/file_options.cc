// SPDX-License-Identifier: Apache-2.0
#include "server/service/file_options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "server/store/name.h"

namespace scamper::service {
namespace {

using records::FieldViolation;

constexpr uint32_t kLastType = 65535;

files::Format FormatOf(v1::OutputFormat format) {
  switch (format) {
    case v1::OUTPUT_FORMAT_JSON:
      return files::Format::kJson;
    case v1::OUTPUT_FORMAT_TEXT:
      return files::Format::kText;
    case v1::OUTPUT_FORMAT_PROTOBUF:
      return files::Format::kProtobuf;
    default:
      return files::Format::kWarts;
  }
}

io::Compression CompressionOf(v1::Compression compression) {
  switch (compression) {
    case v1::COMPRESSION_GZIP:
      return io::Compression::kGzip;
    case v1::COMPRESSION_BZIP2:
      return io::Compression::kBzip2;
    case v1::COMPRESSION_XZ:
      return io::Compression::kXz;
    default:
      return io::Compression::kNone;
  }
}

// By the name of the file.
files::OutputKind CheckNamedOutput(const v1::OutputOptions& options, const std::string& path,
                                   std::vector<FieldViolation>* violations) {
  if (options.file().empty()) {
    violations->push_back({path + ".format", "must be set where no file is named"});
    return {};
  }
  if (options.compression() != v1::COMPRESSION_UNSPECIFIED) {
    violations->push_back(
        {path + ".compression", "must not be set where the format is told by the file's name"});
  }
  const absl::StatusOr<files::OutputKind> kind = files::OutputKindOfName(options.file());
  if (kind.ok()) return *kind;
  violations->push_back({path + ".file", std::string(kind.status().message())});
  return {};
}

}  // namespace

files::InputOptions CheckInput(const v1::InputOptions& options, const std::string& path,
                               std::vector<FieldViolation>* violations) {
  files::InputOptions input;
  if (!v1::InputKind_IsValid(options.kind()))
    violations->push_back({path + ".kind", "must be a kind of input"});
  if (options.kind() == v1::INPUT_KIND_WARTS) input.kind = files::InputKind::kWarts;
  if (options.kind() == v1::INPUT_KIND_ARTS) input.kind = files::InputKind::kArts;
  if (!options.file().empty()) CheckFileName(options.file(), path + ".file", violations);
  for (int i = 0; i < options.filter_types_size(); ++i) {
    const uint32_t type = options.filter_types(i);
    if (type == 0 || type > kLastType) {
      violations->push_back({absl::StrCat(path, ".filter_types[", i, "]"),
                             absl::StrCat("must be within 1 - ", kLastType, ", is ", type)});
    }
    input.types.insert(type);
  }
  input.recover = options.recover();
  return input;
}

files::OutputKind CheckOutput(const v1::OutputOptions& options, const std::string& path,
                              std::vector<FieldViolation>* violations) {
  if (!v1::OutputFormat_IsValid(options.format()))
    violations->push_back({path + ".format", "must be a format of output"});
  if (!v1::Compression_IsValid(options.compression()))
    violations->push_back({path + ".compression", "must be a compression"});
  if (!options.file().empty()) CheckFileName(options.file(), path + ".file", violations);
  files::OutputKind kind = {FormatOf(options.format()), CompressionOf(options.compression())};
  if (options.format() == v1::OUTPUT_FORMAT_UNSPECIFIED)
    kind = CheckNamedOutput(options, path, violations);
  kind.scamper_json = options.scamper_json();
  if (kind.scamper_json && kind.format != files::Format::kJson)
    violations->push_back({path + ".scamper_json", "must be set for JSON only"});
  return kind;
}

void CheckFileName(const std::string& name, const std::string& path,
                   std::vector<FieldViolation>* violations) {
  const absl::Status status = store::CheckName(name);
  if (!status.ok()) violations->push_back({path, std::string(status.message())});
}

absl::Status CheckStore(const store::Store* store) {
  if (store != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the server keeps no store of files: it was started without --data_dir");
}

absl::StatusOr<std::unique_ptr<io::ByteSource>> OpenInput(const v1::InputOptions& options,
                                                          const store::Store* store,
                                                          std::unique_ptr<io::ByteSource> chunks) {
  if (options.file().empty()) return chunks;
  if (absl::Status status = CheckStore(store); !status.ok()) return status;
  return store->Read(options.file());
}

void ToProto(const files::Totals& totals, v1::FileSummary* summary) {
  summary->set_records(totals.records);
  for (const auto& [type, count] : totals.records_by_type)
    (*summary->mutable_records_by_type())[type] = count;
  summary->set_bytes_in(totals.bytes_in);
  summary->set_bytes_out(totals.bytes_out);
  summary->set_regions_skipped(totals.regions_skipped);
  summary->set_bytes_skipped(totals.bytes_skipped);
}

void ToProto(const files::SkippedRegion& region, v1::SkippedRegion* proto) {
  proto->set_offset(region.offset);
  proto->set_length(region.length);
  proto->set_reason(region.why);
}

void ToProto(const store::FileInfo& file, v1::StoredFile* proto) {
  proto->set_name(file.name);
  proto->set_size(file.size);
  *proto->mutable_modified() =
      google::protobuf::util::TimeUtil::NanosecondsToTimestamp(absl::ToUnixNanos(file.modified));
}

}  // namespace scamper::service
