// SPDX-License-Identifier: Apache-2.0
#include "server/service/read_call.h"

#include <memory>
#include <utility>
#include <vector>

#include "server/files/convert.h"
#include "server/records/registry.h"
#include "server/service/blocking_call.h"
#include "server/service/chunk_input.h"
#include "server/service/file_options.h"

namespace scamper::service {
namespace {

using Reactor = grpc::ServerBidiReactor<v1::ReadRequest, v1::ReadResponse>;
using Base = Sending<Receiving<PooledCall<Reactor>, v1::ReadRequest>, v1::ReadResponse>;

// Bytes of records after which a response is sent.
constexpr size_t kBatchSize = size_t{64} << 10;

// Is the sink of its records, which it sends in batches.
class ReadCall final : public Base, private files::RecordSink {
 public:
  ReadCall(CallPool* pool, store::Store* store) : Base(pool), store_(store) {}

 private:
  grpc::Status Work() override {
    const absl::Status status = Read();
    if (chunks_.violation()) violations_.push_back(*chunks_.violation());
    return violations_.empty() ? ToGrpc(status) : InvalidArgument(violations_);
  }

  // OK where there are violations.
  absl::Status Read() {
    absl::StatusOr<v1::ReadRequest> first = chunks_.Options();
    if (!first.ok()) return first.status();
    options_ = std::move(*first->mutable_options());
    files::InputOptions input = CheckInput(options_.input(), "options.input", &violations_);
    if (!violations_.empty()) return absl::OkStatus();
    input.on_skipped = [this](const files::SkippedRegion& region) { SendSkipped(region); };
    absl::StatusOr<std::unique_ptr<io::ByteSource>> source =
        OpenInput(options_.input(), store_, chunks_.Source());
    if (!source.ok()) return source.status();
    files::Totals totals;
    absl::Status status = files::DeliverRecords(
        *std::move(source), input, *this, [this] { return going(); }, &totals);
    absl::Status flushed = Flush();
    if (!status.ok()) return status;
    if (!flushed.ok()) return flushed;
    v1::ReadResponse last;
    ToProto(totals, last.mutable_summary());
    return Send(std::move(last));
  }

  absl::Status Write(const files::FileRecord& record) override {
    v1::FileRecord* proto = batch_.mutable_records()->add_records();
    files::ToProto(record, proto);
    if (options_.warts() && !record.bytes.empty())
      proto->set_warts(record.bytes.data(), record.bytes.size());
    if (options_.addresses()) {
      for (v1::AddressInfo& info : records::Addresses(*record.record))
        *proto->add_addresses() = std::move(info);
    }
    batch_bytes_ += proto->ByteSizeLong();
    return batch_bytes_ < kBatchSize ? absl::OkStatus() : Flush();
  }

  absl::Status Close() override { return Flush(); }

  absl::Status Flush() {
    if (batch_bytes_ == 0) return absl::OkStatus();
    batch_bytes_ = 0;
    return Send(std::exchange(batch_, {}));
  }

  void SendSkipped(const files::SkippedRegion& region) {
    v1::ReadResponse response;
    ToProto(region, response.mutable_skipped());
    // Where one fails, reading ends at once by going().
    Flush().IgnoreError();
    Send(std::move(response)).IgnoreError();
  }

  store::Store* const store_;
  // A client that sends as it measures gets what is there.
  ChunkInput<ReadCall, v1::ReadRequest> chunks_{this, [this] { return Flush(); }};
  v1::ReadOptions options_;
  v1::ReadResponse batch_;
  size_t batch_bytes_ = 0;
  std::vector<records::FieldViolation> violations_;
};

}  // namespace

Reactor* StartReadCall(CallPool* pool, store::Store* store) {
  auto* call = new ReadCall(pool, store);
  call->Start();
  return call;
}

}  // namespace scamper::service
