// SPDX-License-Identifier: Apache-2.0
#include "client/cli/convert_call.h"

#include <memory>
#include <string>
#include <thread>

namespace scamper::cli {
namespace {

constexpr size_t kChunk = size_t{512} << 10;

class Call {
 public:
  Call(Connection& connection, FileInput* input, io::ByteSink* output,
       const std::function<void(const v1::SkippedRegion&)>& skipped, TransferProgress* progress)
      : connection_(connection),
        input_(input),
        output_(output),
        skipped_(skipped),
        progress_(progress) {}

  ConvertCallEnd Run(const v1::ConvertOptions& options) {
    connection_.SetDeadline(&context_);
    const Interrupt::Scope scope(connection_.interrupt(), &context_);
    stream_ = connection_.files().Convert(&context_);
    std::thread sender([&] { Send(options); });
    Receive();
    if (input_ != nullptr) input_->Stop();
    sender.join();
    end_.call = stream_->Finish();
    return std::move(end_);
  }

 private:
  void Send(const v1::ConvertOptions& options) {
    v1::ConvertRequest request;
    *request.mutable_options() = options;
    if (!stream_->Write(request)) return;
    while (input_ != nullptr) {
      const absl::Status read = ReadChunk(*input_, request.mutable_chunk());
      if (absl::IsCancelled(read)) return;
      if (!read.ok()) {
        end_.input = read;
        context_.TryCancel();
        return;
      }
      if (request.chunk().empty()) break;
      progress_->Advance(request.chunk().size());
      if (!stream_->Write(request)) return;
    }
    request.mutable_end();
    if (stream_->Write(request)) stream_->WritesDone();
  }

  void Receive() {
    v1::ConvertResponse response;
    while (stream_->Read(&response)) {
      switch (response.part_case()) {
        case v1::ConvertResponse::kChunk:
          Take(response.chunk());
          break;
        case v1::ConvertResponse::kSkipped:
          skipped_(response.skipped());
          break;
        case v1::ConvertResponse::kSummary:
          end_.summary = response.summary();
          break;
        default:
          break;
      }
    }
  }

  void Take(const std::string& chunk) {
    if (output_ == nullptr || !end_.output.ok()) return;
    end_.got_output = true;
    if (input_ == nullptr) progress_->Advance(chunk.size());
    end_.output = output_->Write(chunk);
    if (!end_.output.ok()) context_.TryCancel();
  }

  Connection& connection_;
  FileInput* const input_;
  io::ByteSink* const output_;
  const std::function<void(const v1::SkippedRegion&)>& skipped_;
  TransferProgress* const progress_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConvertRequest, v1::ConvertResponse>> stream_;
  // end_.input is the sender's until it was joined.
  ConvertCallEnd end_;
};

}  // namespace

ConvertCallEnd CallConvert(Connection& connection, const v1::ConvertOptions& options,
                           FileInput* input, io::ByteSink* output,
                           const std::function<void(const v1::SkippedRegion&)>& skipped,
                           TransferProgress* progress) {
  return Call(connection, input, output, skipped, progress).Run(options);
}

absl::Status ReadChunk(FileInput& input, std::string* chunk) {
  chunk->resize(kChunk);
  size_t size = 0;
  while (size < kChunk) {
    const absl::StatusOr<size_t> n = input.Read(chunk->data() + size, kChunk - size);
    if (!n.ok()) return n.status();
    size += *n;
    if (*n == 0 || !input.size().has_value()) break;
  }
  chunk->resize(size);
  return absl::OkStatus();
}

}  // namespace scamper::cli
