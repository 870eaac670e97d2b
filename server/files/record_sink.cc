// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_sink.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "server/files/definitions.h"
#include "server/records/json.h"
#include "server/records/registry.h"

namespace scamper::files {
namespace {

// Handed to the sink below at a time. Small blocks cost calls much: every message
// wakes threads on both sides.
constexpr size_t kBlockSize = size_t{512} << 10;

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
    records::AppendText(*record.record, out);
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

class WartsSink : public BlockSink {
 public:
  using BlockSink::BlockSink;

 private:
  using Ids = absl::flat_hash_map<std::string, uint32_t>;

  absl::Status Append(const FileRecord& item, std::string* out) override {
    writer_.Truncate(0);
    absl::Status status = WriteItem(item);
    out->append(writer_.bytes().data(), writer_.size());
    return status;
  }

  absl::Status WriteItem(const FileRecord& item) {
    const v1::Record& record = *item.record;
    if (record.has_list()) return ListId(&record.list()).status();
    if (record.has_cycle_start() || record.has_cycle_definition()) {
      const v1::Cycle& cycle =
          record.has_cycle_start() ? record.cycle_start() : record.cycle_definition();
      return CycleId(&cycle, item.list, record.has_cycle_start()).status();
    }
    if (record.has_cycle_stop() && item.cycle == nullptr) return absl::OkStatus();
    if (record.has_address()) return WriteAddress(record);
    return WriteMeasurement(item);
  }

  absl::Status WriteAddress(const v1::Record& record) {
    v1::Record numbered = record;
    numbered.mutable_address()->set_check((addresses_ + 1) % kAddressCheckModulus);
    absl::Status status = records::Write(numbered, writer_);
    if (status.ok()) ++addresses_;
    return status;
  }

  absl::Status WriteMeasurement(const FileRecord& item) {
    const records::ReferenceIds is = records::ReferenceIdsOf(*item.record);
    records::ReferenceIds want = is;
    absl::Status status = Renumber(item, &want);
    if (!status.ok()) return status;
    if (is.list_id == want.list_id && is.cycle_id == want.cycle_id) {
      status = records::Write(*item.record, writer_);
    } else {
      v1::Record renumbered = *item.record;
      records::SetReferenceIds(want, &renumbered);
      status = records::Write(renumbered, writer_);
    }
    if (item.record->has_cycle_stop()) {
      if (status.ok())
        absl::erase_if(cycles_, [&](const auto& known) { return known.second == last_.cycle_id; });
      last_ = {};
    }
    return status;
  }

  // Puts the numbers of this file in the place of those of the input.
  absl::Status Renumber(const FileRecord& item, records::ReferenceIds* ids) {
    const bool same = item.definitions != 0 && item.definitions == last_.definitions &&
                      item.list == last_.list && item.cycle == last_.cycle;
    if (!same) {
      const absl::StatusOr<uint32_t> list =
          ListId(item.record->has_cycle_stop() ? nullptr : item.list);
      if (!list.ok()) return list.status();
      const absl::StatusOr<uint32_t> cycle = CycleId(item.cycle, item.cycle_list, false);
      if (!cycle.ok()) return cycle.status();
      last_ = {item.definitions, item.list, item.cycle, *list, *cycle};
    }
    if (ids->list_id) ids->list_id = last_.list_id;
    if (ids->cycle_id) ids->cycle_id = last_.cycle_id;
    return absl::OkStatus();
  }

  // 0 for none.
  absl::StatusOr<uint32_t> ListId(const v1::List* list) {
    if (list == nullptr) return 0;
    v1::Record record;
    *record.mutable_list() = *list;
    record.mutable_list()->clear_warts_id();
    if (!list->has_name()) record.mutable_list()->set_name(absl::StrCat(list->id()));
    const auto [it, inserted] =
        lists_.try_emplace(record.list().SerializeAsString(), lists_.size() + 1);
    if (!inserted) return it->second;
    record.mutable_list()->set_warts_id(it->second);
    absl::Status status = records::Write(record, writer_);
    if (status.ok()) return it->second;
    lists_.erase(it);
    return status;
  }

  absl::StatusOr<uint32_t> CycleId(const v1::Cycle* cycle, const v1::List* list, bool start) {
    if (cycle == nullptr) return 0;
    const absl::StatusOr<uint32_t> list_id = ListId(list);
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
    absl::Status status = records::Write(record, writer_);
    if (status.ok()) return last_cycle_ = it->second;
    cycles_.erase(it);
    return status;
  }

  // What one record adds to the file.
  warts::Writer writer_;
  // Numbers by value; of cycles, those that were not stopped.
  Ids lists_;
  Ids cycles_;
  // The number given last.
  uint32_t last_cycle_ = 0;
  uint32_t addresses_ = 0;
  // Those of the record before, most often also of the next.
  struct {
    uint64_t definitions = 0;
    const v1::List* list = nullptr;
    const v1::Cycle* cycle = nullptr;
    uint32_t list_id = 0;
    uint32_t cycle_id = 0;
  } last_;
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
