// SPDX-License-Identifier: Apache-2.0
#include "client/cli/convert_here.h"

#include <utility>

#include "absl/status/status.h"
#include "client/cli/file_report.h"

namespace scamper::cli {
namespace {

// Keeps the error of the sink below.
class NotingSink final : public io::ByteSink {
 public:
  NotingSink(std::unique_ptr<io::ByteSink> sink, absl::Status* error)
      : sink_(std::move(sink)), error_(error) {}

  absl::Status Write(absl::string_view bytes) override { return Noted(sink_->Write(bytes)); }
  absl::Status Close() override { return Noted(sink_->Close()); }

 private:
  absl::Status Noted(absl::Status status) {
    error_->Update(status);
    return status;
  }

  const std::unique_ptr<io::ByteSink> sink_;
  absl::Status* const error_;
};

}  // namespace

Conversion ConvertHere(std::unique_ptr<io::ByteSource> source, const std::string& name,
                       const ReadOptions& read, std::unique_ptr<io::ByteSink> sink,
                       const files::OutputKind& to, int out_fd, TransferProgress* progress) {
  files::InputOptions input;
  input.kind = read.kind;
  input.types = read.types;
  input.recover = read.recover;
  input.on_skipped = [&](const files::SkippedRegion& region) {
    SayLeftOut(name, region, progress);
  };
  absl::Status output_error;
  files::Totals totals;
  const absl::Status status = files::Convert(
      std::move(source), input, std::make_unique<NotingSink>(std::move(sink), &output_error), to,
      nullptr, &totals);
  if (!output_error.ok()) return {OutputFailed(output_error, out_fd, progress), true};
  if (status.ok()) {
    return {SayAllLeftOut(name, totals.regions_skipped, totals.bytes_skipped, progress), false};
  }
  return {InputFailed(name, status, progress), false};
}

}  // namespace scamper::cli
