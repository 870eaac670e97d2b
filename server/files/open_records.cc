// SPDX-License-Identifier: Apache-2.0
#include "server/files/open_records.h"

#include <optional>
#include <string>
#include <utility>

#include "server/files/arts_stream.h"
#include "server/files/record_stream.h"
#include "server/io/callback_io.h"
#include "server/io/open.h"

namespace scamper::files {
namespace {

// Where the first bytes cannot be had, the error is left to the reader of records.
io::DetectedSource Detect(std::unique_ptr<io::ByteSource> source) {
  absl::StatusOr<io::DetectedSource> detected = io::DetectSource(std::move(source));
  if (detected.ok()) return *std::move(detected);
  io::DetectedSource failed;
  failed.source = std::make_unique<io::CallbackSource>(
      [status = detected.status()]() -> absl::StatusOr<std::optional<std::string>> {
        return status;
      });
  return failed;
}

absl::StatusOr<InputKind> KindOf(const InputOptions& input, io::Content content) {
  if (input.kind != InputKind::kDetect) return input.kind;
  if (content == io::Content::kArts) return InputKind::kArts;
  if (content == io::Content::kOther && !input.recover) {
    return absl::InvalidArgumentError(
        "the input is of no known kind: expected warts (12 05 at first) or arts (df b0), plain or "
        "compressed with gzip, bzip2 or xz");
  }
  return InputKind::kWarts;
}

StreamOptions StreamOptionsFor(const InputOptions& input, Delivery delivery) {
  StreamOptions options;
  options.types = input.types;
  options.keep_definitions = delivery == Delivery::kBytes;
  options.decode = delivery != Delivery::kBytes;
  if (delivery == Delivery::kRecorded) options.derived = records::Derived::kLeaveOut;
  options.recover = input.recover;
  options.on_skipped = input.on_skipped;
  return options;
}

}  // namespace

absl::StatusOr<OpenedRecords> OpenRecords(std::unique_ptr<io::ByteSource> source,
                                          const InputOptions& input, Delivery delivery) {
  io::DetectedSource detected = Detect(std::move(source));
  const absl::StatusOr<InputKind> kind = KindOf(input, detected.content);
  if (!kind.ok()) return kind.status();
  OpenedRecords opened;
  opened.kind = *kind;
  opened.compression = detected.compression;
  StreamOptions options = StreamOptionsFor(input, delivery);
  if (*kind == InputKind::kArts) {
    opened.records = std::make_unique<ArtsStream>(std::move(detected.source), std::move(options));
  } else {
    opened.records = std::make_unique<RecordStream>(std::move(detected.source), std::move(options));
  }
  return opened;
}

}  // namespace scamper::files
