// SPDX-License-Identifier: Apache-2.0
#include "server/service/write_call.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/files/record_writer.h"
#include "server/service/blocking_call.h"
#include "server/service/chunk_input.h"
#include "server/service/file_options.h"
#include "server/service/file_output.h"

namespace scamper::service {
namespace {

using Reactor = grpc::ServerBidiReactor<v1::WriteRequest, v1::WriteResponse>;
using Base = Sending<Receiving<PooledCall<Reactor>, v1::WriteRequest>, v1::WriteResponse>;

class WriteCall final : public Base {
 public:
  WriteCall(CallPool* pool, store::Store* store) : Base(pool), store_(store) {}

 private:
  grpc::Status Work() override {
    const absl::Status status = Write();
    return violations_.empty() ? ToGrpc(status) : InvalidArgument(violations_);
  }

  // OK where there are violations.
  absl::Status Write() {
    const absl::StatusOr<std::optional<v1::WriteRequest>> first = Receive();
    if (!first.ok()) return first.status();
    if (!first->has_value() || !(*first)->has_options())
      return Violates("options", "must be in the first request");
    const v1::OutputOptions& options = (*first)->options().output();
    const files::OutputKind kind = CheckOutput(options, "options.output", &violations_);
    if (!violations_.empty()) return absl::OkStatus();
    FileOutput output;
    absl::Status status =
        output.Open(options, store_, [this](absl::string_view bytes) { return SendChunk(bytes); });
    if (!status.ok()) return status;
    files::RecordWriter writer(output.Sink(), kind);
    status = WriteAll(writer);
    if (!status.ok() || !violations_.empty()) return status;
    if (output.stored() && !complete_) return Violates(EndIsMissing());
    status = writer.Close();
    if (!status.ok()) return status;
    return SendSummary(writer, output);
  }

  // To the end of the requests.
  absl::Status WriteAll(files::RecordWriter& writer) {
    while (violations_.empty()) {
      const absl::StatusOr<std::optional<v1::WriteRequest>> request = Receive();
      if (!request.ok()) return request.status();
      complete_ = request->has_value() && (*request)->has_end();
      if (!request->has_value() || complete_) return absl::OkStatus();
      if (!(*request)->has_records()) return Violates("part", "must be records or end");
      for (const v1::FileRecord& record : (*request)->records().records()) {
        const absl::StatusOr<std::optional<files::RecordFault>> fault = writer.Write(record);
        if (!fault.ok()) return fault.status();
        if (*fault) {
          return Violates(absl::StrCat("records[", writer.records(), "].", (*fault)->field),
                          (*fault)->description);
        }
      }
    }
    return absl::OkStatus();
  }

  absl::Status SendSummary(const files::RecordWriter& writer, FileOutput& output) {
    v1::WriteResponse last;
    v1::FileSummary* summary = last.mutable_summary();
    files::Totals totals;
    totals.records = writer.records();
    totals.records_by_type = writer.records_by_type();
    totals.bytes_out = bytes_out_;
    ToProto(totals, summary);
    if (output.stored()) {
      absl::Status status = output.Commit(summary->mutable_file());
      if (!status.ok()) return status;
      summary->set_bytes_out(summary->file().size());
    }
    return Send(std::move(last));
  }

  absl::Status SendChunk(absl::string_view bytes) {
    bytes_out_ += bytes.size();
    v1::WriteResponse response;
    response.set_chunk(bytes.data(), bytes.size());
    return Send(std::move(response));
  }

  absl::Status Violates(records::FieldViolation violation) {
    violations_.push_back(std::move(violation));
    return absl::OkStatus();
  }
  absl::Status Violates(std::string field, std::string description) {
    return Violates({std::move(field), std::move(description)});
  }

  store::Store* const store_;
  bool complete_ = false;
  uint64_t bytes_out_ = 0;
  std::vector<records::FieldViolation> violations_;
};

}  // namespace

Reactor* StartWriteCall(CallPool* pool, store::Store* store) {
  auto* call = new WriteCall(pool, store);
  call->Start();
  return call;
}

}  // namespace scamper::service
