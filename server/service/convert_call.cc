// SPDX-License-Identifier: Apache-2.0
#include "server/service/convert_call.h"

#include <memory>
#include <utility>
#include <vector>

#include "server/files/convert.h"
#include "server/service/blocking_call.h"
#include "server/service/chunk_input.h"
#include "server/service/file_options.h"
#include "server/service/file_output.h"

namespace scamper::service {
namespace {

using Reactor = grpc::ServerBidiReactor<v1::ConvertRequest, v1::ConvertResponse>;
using Base = Sending<Receiving<PooledCall<Reactor>, v1::ConvertRequest>, v1::ConvertResponse>;

class ConvertCall final : public Base {
 public:
  ConvertCall(CallPool* pool, store::Store* store) : Base(pool), store_(store) {}

 private:
  grpc::Status Work() override {
    const absl::Status status = Convert();
    if (chunks_.violation()) violations_.push_back(*chunks_.violation());
    return violations_.empty() ? ToGrpc(status) : InvalidArgument(violations_);
  }

  // OK where there are violations.
  absl::Status Convert() {
    const absl::StatusOr<v1::ConvertRequest> first = chunks_.Options();
    if (!first.ok()) return first.status();
    const v1::ConvertOptions& options = first->options();
    files::InputOptions input = CheckInput(options.input(), "options.input", &violations_);
    const files::OutputKind kind = CheckOutput(options.output(), "options.output", &violations_);
    if (!violations_.empty()) return absl::OkStatus();
    input.on_skipped = [this](const files::SkippedRegion& region) { SendSkipped(region); };
    absl::StatusOr<std::unique_ptr<io::ByteSource>> source =
        OpenInput(options.input(), store_, chunks_.Source());
    if (!source.ok()) return source.status();
    FileOutput output;
    absl::Status status = output.Open(options.output(), store_,
                                      [this](absl::string_view bytes) { return SendChunk(bytes); });
    if (!status.ok()) return status;
    files::Totals totals;
    status = files::Convert(
        *std::move(source), input, output.Sink(), kind, [this] { return going(); }, &totals);
    if (!status.ok()) return status;
    v1::ConvertResponse last;
    ToProto(totals, last.mutable_summary());
    if (output.stored()) {
      if (options.input().file().empty() && !chunks_.complete()) {
        violations_.push_back(EndIsMissing());
        return absl::OkStatus();
      }
      status = output.Commit(last.mutable_summary()->mutable_file());
      if (!status.ok()) return status;
    }
    return Send(std::move(last));
  }

  absl::Status SendChunk(absl::string_view bytes) {
    v1::ConvertResponse response;
    response.set_chunk(bytes.data(), bytes.size());
    return Send(std::move(response));
  }

  void SendSkipped(const files::SkippedRegion& region) {
    v1::ConvertResponse response;
    ToProto(region, response.mutable_skipped());
    // Where it fails, the conversion ends at once by going().
    Send(std::move(response)).IgnoreError();
  }

  store::Store* const store_;
  ChunkInput<ConvertCall, v1::ConvertRequest> chunks_{this};
  std::vector<records::FieldViolation> violations_;
};

}  // namespace

Reactor* StartConvertCall(CallPool* pool, store::Store* store) {
  auto* call = new ConvertCall(pool, store);
  call->Start();
  return call;
}

}  // namespace scamper::service
