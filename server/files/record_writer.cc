// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/files/convert.h"
#include "server/records/registry.h"

namespace scamper::files {
namespace {

constexpr char kNoNumber[] = "must be set, from 1";

// Name of the field of the Record's kind.
std::string KindName(const v1::Record& record) {
  return v1::Record::descriptor()->FindFieldByNumber(record.kind_case())->name();
}

std::optional<RecordFault> CheckNumbers(const v1::FileRecord& in) {
  const v1::Record& record = in.record();
  if (in.has_list() && in.list().warts_id() == 0) return RecordFault{"list.warts_id", kNoNumber};
  if (in.has_cycle() && in.cycle().warts_id() == 0) return RecordFault{"cycle.warts_id", kNoNumber};
  if ((record.has_list() && record.list().warts_id() == 0) ||
      (record.has_cycle_start() && record.cycle_start().warts_id() == 0) ||
      (record.has_cycle_definition() && record.cycle_definition().warts_id() == 0)) {
    return RecordFault{absl::StrCat("record.", KindName(record), ".warts_id"), kNoNumber};
  }
  return std::nullopt;
}

RecordFault NotKnown(std::string field, absl::string_view what, uint32_t number) {
  return {
      std::move(field),
      absl::StrCat(what, " ", number, " is not known: it must come with the record, or earlier")};
}

// `item` is resolved.
std::optional<RecordFault> CheckReferences(const FileRecord& item) {
  const records::ReferenceIds ids = records::ReferenceIdsOf(*item.record);
  const std::string path = absl::StrCat("record.", KindName(*item.record));
  if (ids.list_id.value_or(0) != 0 && item.list == nullptr)
    return NotKnown(absl::StrCat(path, ".list_id"), "list", *ids.list_id);
  if (ids.cycle_id.value_or(0) != 0 && item.cycle == nullptr)
    return NotKnown(absl::StrCat(path, ".cycle_id"), "cycle", *ids.cycle_id);
  if (item.cycle != nullptr && item.cycle->list_id() != 0 && item.cycle_list == nullptr)
    return NotKnown("cycle.list_id", "list", item.cycle->list_id());
  return std::nullopt;
}

}  // namespace

RecordWriter::RecordWriter(std::unique_ptr<io::ByteSink> sink, const OutputKind& output)
    : sink_(OpenSink(std::move(sink), output)) {}

absl::StatusOr<std::optional<RecordFault>> RecordWriter::Write(const v1::FileRecord& record) {
  if (record.record().kind_case() == v1::Record::KIND_NOT_SET)
    return RecordFault{"record", "must hold one of its kinds"};
  if (std::optional<RecordFault> fault = CheckNumbers(record)) return fault;
  if (record.has_list()) definitions_.Define(record.list());
  if (record.has_cycle()) definitions_.Define(record.cycle());
  if (std::optional<RecordFault> fault = Complete(record.record())) return fault;
  definitions_.Define(completed_);
  FileRecord item;
  item.record = &completed_;
  item.index = records_;
  definitions_.Resolve(completed_, &item);
  if (std::optional<RecordFault> fault = CheckReferences(item)) return fault;
  absl::Status status = sink_->Write(item);
  if (absl::IsInvalidArgument(status)) return RecordFault{"record", std::string(status.message())};
  if (!status.ok()) return status;
  ++records_;
  ++by_type_[completed_.has_unknown() ? completed_.unknown().type()
                                      : static_cast<uint32_t>(completed_.kind_case())];
  return std::nullopt;
}

std::optional<RecordFault> RecordWriter::Complete(const v1::Record& record) {
  absl::StatusOr<std::string> bytes = records::Write(record);
  absl::Status status = bytes.status();
  if (status.ok()) status = records::Read(*bytes, &completed_);
  if (!status.ok()) return RecordFault{"record", std::string(status.message())};
  return std::nullopt;
}

}  // namespace scamper::files
