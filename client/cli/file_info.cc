// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_info.h"

#include <algorithm>
#include <utility>

#include "scamper/v1/record.pb.h"

namespace scamper::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// Lists, cycles and addresses have the types below that of the first measurement.
constexpr uint32_t kFirstMeasurement = v1::Record::kTrace;

class CountingSource final : public io::ByteSource {
 public:
  CountingSource(std::unique_ptr<io::ByteSource> source, uint64_t* count)
      : source_(std::move(source)), count_(count) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    absl::StatusOr<size_t> n = source_->Read(buffer, size);
    if (n.ok()) *count_ += *n;
    return n;
  }

 private:
  const std::unique_ptr<io::ByteSource> source_;
  uint64_t* const count_;
};

absl::Time TimeOf(const Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// The field `start` of whatever the record holds.
std::optional<absl::Time> StartOf(const v1::Record& record) {
  const auto* oneof = v1::Record::descriptor()->FindOneofByName("kind");
  const FieldDescriptor* kind = record.GetReflection()->GetOneofFieldDescriptor(record, oneof);
  if (kind == nullptr) return std::nullopt;
  const FieldDescriptor* start = kind->message_type()->FindFieldByName("start");
  if (start == nullptr || start->message_type() != Timestamp::descriptor()) return std::nullopt;
  const Message& message = record.GetReflection()->GetMessage(record, kind);
  if (!message.GetReflection()->HasField(message, start)) return std::nullopt;
  return TimeOf(static_cast<const Timestamp&>(message.GetReflection()->GetMessage(message, start)));
}

VantagePoint VantagePointOf(const files::FileRecord& record) {
  VantagePoint point;
  if (record.list != nullptr) {
    point.monitor = record.list->monitor();
    point.list_name = record.list->name();
    if (record.list->has_id()) point.list_id = record.list->id();
  }
  if (record.cycle != nullptr) {
    point.hostname = record.cycle->hostname();
    if (record.cycle->has_id()) point.cycle_id = record.cycle->id();
    if (record.cycle->has_start()) point.cycle_start = TimeOf(record.cycle->start());
  }
  return point;
}

void CountMeasurement(const files::FileRecord& record, FileInfo* info) {
  const std::optional<absl::Time> start = StartOf(*record.record);
  if (!start.has_value()) return;
  info->first = std::min(info->first.value_or(*start), *start);
  info->last = std::max(info->last.value_or(*start), *start);
}

void CountVantagePoint(const files::FileRecord& record, FileInfo* info) {
  if (record.list == nullptr && record.cycle == nullptr) return;
  VantagePointUse& use = info->vantage_points[VantagePointOf(record)];
  if (record.type >= kFirstMeasurement) ++use.records;
  if (record.cycle != nullptr && record.cycle->has_stop()) {
    use.cycle_stop = TimeOf(record.cycle->stop());
  }
  if (record.record->cycle_stop().has_stop()) {
    use.cycle_stop = TimeOf(record.record->cycle_stop().stop());
  }
}

void Count(const files::FileRecord& record, FileInfo* info) {
  ++info->records;
  ++info->records_by_type[record.type];
  if (!record.bytes.empty()) {
    info->decompressed =
        std::max(info->decompressed.value_or(0), record.offset + record.bytes.size());
  }
  if (record.type >= kFirstMeasurement) CountMeasurement(record, info);
  CountVantagePoint(record, info);
}

void CountDamage(const files::SkippedRegion& region, FileInfo* info) {
  ++info->regions;
  info->bytes_left_out += region.length;
  info->decompressed = std::max(info->decompressed.value_or(0), region.offset + region.length);
  if (info->damage.size() < FileInfo::kMaxRegions) info->damage.push_back(region);
}

}  // namespace

FileInfo Survey(std::unique_ptr<io::ByteSource> source, files::InputKind kind) {
  FileInfo info;
  files::InputOptions input;
  input.kind = kind;
  input.recover = true;
  input.on_skipped = [&](const files::SkippedRegion& region) { CountDamage(region, &info); };
  absl::StatusOr<files::OpenedRecords> opened =
      files::OpenRecords(std::make_unique<CountingSource>(std::move(source), &info.size), input,
                         files::Delivery::kDecoded);
  if (!opened.ok()) {
    info.error = opened.status();
    return info;
  }
  info.kind = opened->kind;
  info.compression = opened->compression;
  absl::StatusOr<const files::FileRecord*> record = opened->records->Next();
  for (; record.ok() && *record != nullptr; record = opened->records->Next()) {
    Count(**record, &info);
  }
  info.error = record.status();
  if (info.error.ok() && info.records == 0 && info.regions > 0) {
    info.kind.reset();
    info.error = absl::InvalidArgumentError("no record of a known kind is in it");
  }
  return info;
}

}  // namespace scamper::cli
