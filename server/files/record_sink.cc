// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_sink.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "server/files/reference_ids.h"
#include "server/records/json.h"
#include "server/records/registry.h"

namespace scamper::files {
namespace {

// Handed to the sink below at a time.
constexpr size_t kBlockSize = size_t{128} << 10;

// Collects blocks.
class BlockSink : public RecordSink {
 public:
  explicit BlockSink(std::unique_ptr<io::ByteSink> sink) : sink_(std::move(sink)) {}

  absl::Status Write(const FileRecord& record) final {
    absl::Status status = Append(record, &block_);
    if (!status.ok()) return status;
    return block_.size() < kBlockSize ? absl::OkStatus() : Flush();
  }

  absl::Status Close() final {
    absl::Status status = Flush();
    return status.ok() ? sink_->Close() : status;
  }

 private:
  // Where it fails, nothing of the record itself is appended; definitions may be.
  virtual absl::Status Append(const FileRecord& record, std::string* out) = 0;

  absl::Status Flush() {
    if (block_.empty()) return absl::OkStatus();
    absl::Status status = sink_->Write(block_);
    block_.clear();
    return status;
  }

  std::unique_ptr<io::ByteSink> sink_;
  std::string block_;
};

class CopyingSink : public BlockSink {
 public:
  using BlockSink::BlockSink;

 private:
  absl::Status Append(const FileRecord& record, std::string* out) override {
    out->append(record.bytes.data(), record.bytes.size());
    return absl::OkStatus();
  }
};

class JsonSink : public BlockSink {
 public:
  JsonSink(std::unique_ptr<io::ByteSink> sink, bool quirks)
      : BlockSink(std::move(sink)), quirks_(quirks) {}

 private:
  absl::Status Append(const FileRecord& record, std::string* out) override {
    records::AppendJson(*record.record, {record.list, record.cycle, quirks_}, out);
    return absl::OkStatus();
  }

  const bool quirks_;
};

class TextSink : public BlockSink {
 public:
  using BlockSink::BlockSink;

 private:
  absl::Status Append(const FileRecord& record, std::string* out) override {
    out->append(records::Text(*record.record));
    return absl::OkStatus();
  }
};

class ProtobufSink : public BlockSink {
 public:
  using BlockSink::BlockSink;

 private:
  absl::Status Append(const FileRecord& record, std::string* out) override {
    message_.Clear();
    ToProto(record, &message_);
    google::protobuf::io::StringOutputStream stream(out);
    google::protobuf::util::SerializeDelimitedToZeroCopyStream(message_, &stream);
    return absl::OkStatus();
  }

  v1::FileRecord message_;
};

absl::Status AppendWarts(const v1::Record& record, std::string* out) {
  const absl::StatusOr<std::string> bytes = records::Write(record);
  if (!bytes.ok()) return bytes.status();
  out->append(*bytes);
  return absl::OkStatus();
}

class WartsSink : public BlockSink {
 public:
  using BlockSink::BlockSink;

 private:
  using Ids = absl::flat_hash_map<std::string, uint32_t>;

  absl::Status Append(const FileRecord& item, std::string* out) override {
    const v1::Record& record = *item.record;
    if (record.has_list()) return ListId(&record.list(), out).status();
    if (record.has_cycle_start() || record.has_cycle_definition()) {
      const v1::Cycle& cycle =
          record.has_cycle_start() ? record.cycle_start() : record.cycle_definition();
      return CycleId(&cycle, item.list, record.has_cycle_start(), out).status();
    }
    if (record.has_cycle_stop() && item.cycle == nullptr) return absl::OkStatus();
    return AppendMeasurement(item, out);
  }

  absl::Status AppendMeasurement(const FileRecord& item, std::string* out) {
    const bool stop = item.record->has_cycle_stop();
    const absl::StatusOr<uint32_t> list = ListId(stop ? nullptr : item.list, out);
    if (!list.ok()) return list.status();
    const absl::StatusOr<uint32_t> cycle = CycleId(item.cycle, item.cycle_list, false, out);
    if (!cycle.ok()) return cycle.status();
    const ReferenceIds is = ReferenceIdsOf(*item.record);
    ReferenceIds want;
    if (is.list_id) want.list_id = *list;
    if (is.cycle_id) want.cycle_id = *cycle;
    absl::Status status;
    if (is.list_id == want.list_id && is.cycle_id == want.cycle_id) {
      status = AppendWarts(*item.record, out);
    } else {
      v1::Record renumbered = *item.record;
      SetReferenceIds(want, &renumbered);
      status = AppendWarts(renumbered, out);
    }
    if (status.ok() && stop)
      absl::erase_if(cycles_, [&](const auto& known) { return known.second == *cycle; });
    return status;
  }

  // 0 for none.
  absl::StatusOr<uint32_t> ListId(const v1::List* list, std::string* out) {
    if (list == nullptr) return 0;
    v1::Record record;
    *record.mutable_list() = *list;
    record.mutable_list()->clear_warts_id();
    if (!list->has_name()) record.mutable_list()->set_name(absl::StrCat(list->id()));
    const auto [it, inserted] =
        lists_.try_emplace(record.list().SerializeAsString(), lists_.size() + 1);
    if (!inserted) return it->second;
    record.mutable_list()->set_warts_id(it->second);
    absl::Status status = AppendWarts(record, out);
    if (status.ok()) return it->second;
    lists_.erase(it);
    return status;
  }

  absl::StatusOr<uint32_t> CycleId(const v1::Cycle* cycle, const v1::List* list, bool start,
                                   std::string* out) {
    if (cycle == nullptr) return 0;
    const absl::StatusOr<uint32_t> list_id = ListId(list, out);
    if (!list_id.ok()) return list_id.status();
    v1::Cycle value = *cycle;
    value.clear_warts_id();
    value.clear_stop();
    value.set_list_id(*list_id);
    const auto [it, inserted] = cycles_.try_emplace(value.SerializeAsString(), last_cycle_ + 1);
    if (!inserted) return it->second;
    v1::Record record;
    v1::Cycle* out_cycle = start ? record.mutable_cycle_start() : record.mutable_cycle_definition();
    *out_cycle = *cycle;
    out_cycle->set_list_id(*list_id);
    out_cycle->set_warts_id(it->second);
    absl::Status status = AppendWarts(record, out);
    if (status.ok()) return last_cycle_ = it->second;
    cycles_.erase(it);
    return status;
  }

  // Numbers by value; of cycles, those that were not stopped.
  Ids lists_;
  Ids cycles_;
  // The number given last.
  uint32_t last_cycle_ = 0;
};

}  // namespace

std::unique_ptr<RecordSink> NewWartsSink(std::unique_ptr<io::ByteSink> sink) {
  return std::make_unique<WartsSink>(std::move(sink));
}

std::unique_ptr<RecordSink> NewCopyingSink(std::unique_ptr<io::ByteSink> sink) {
  return std::make_unique<CopyingSink>(std::move(sink));
}

std::unique_ptr<RecordSink> NewJsonSink(std::unique_ptr<io::ByteSink> sink, bool scamper_quirks) {
  return std::make_unique<JsonSink>(std::move(sink), scamper_quirks);
}

std::unique_ptr<RecordSink> NewTextSink(std::unique_ptr<io::ByteSink> sink) {
  return std::make_unique<TextSink>(std::move(sink));
}

std::unique_ptr<RecordSink> NewProtobufSink(std::unique_ptr<io::ByteSink> sink) {
  return std::make_unique<ProtobufSink>(std::move(sink));
}

}  // namespace scamper::files
