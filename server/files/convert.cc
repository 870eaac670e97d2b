// SPDX-License-Identifier: Apache-2.0
#include "server/files/convert.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/io/open.h"

namespace scamper::files {
namespace {

absl::Status Stopped() { return absl::CancelledError("the conversion was stopped"); }

class CountingSource : public io::ByteSource {
 public:
  CountingSource(std::unique_ptr<io::ByteSource> source, const Going& going, uint64_t* count)
      : source_(std::move(source)), going_(going), count_(count) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    stopped_ = stopped_ || (going_ && !going_());
    if (stopped_) return Stopped();
    absl::StatusOr<size_t> n = source_->Read(buffer, size);
    if (n.ok()) *count_ += *n;
    return n;
  }

 private:
  const std::unique_ptr<io::ByteSource> source_;
  const Going& going_;
  uint64_t* const count_;
  bool stopped_ = false;
};

class CountingSink : public io::ByteSink {
 public:
  CountingSink(std::unique_ptr<io::ByteSink> sink, absl::Status* error, uint64_t* count)
      : sink_(std::move(sink)), error_(error), count_(count) {}

  absl::Status Write(absl::string_view bytes) override {
    absl::Status status = sink_->Write(bytes);
    if (status.ok()) *count_ += bytes.size();
    if (!status.ok()) *error_ = status;
    return status;
  }

  absl::Status Close() override { return sink_->Close(); }

 private:
  const std::unique_ptr<io::ByteSink> sink_;
  absl::Status* const error_;
  uint64_t* const count_;
};

class Conversion {
 public:
  Conversion(InputOptions input, const Going& going, Totals* totals)
      : input_(std::move(input)), going_(going), totals_(totals) {
    input_.on_skipped = [this, report = std::move(input_.on_skipped)](const SkippedRegion& region) {
      ++totals_->regions_skipped;
      totals_->bytes_skipped += region.length;
      if (report) report(region);
    };
  }

  absl::StatusOr<OpenedRecords> Open(std::unique_ptr<io::ByteSource> source, Delivery delivery) {
    return OpenRecords(
        std::make_unique<CountingSource>(std::move(source), going_, &totals_->bytes_in), input_,
        delivery);
  }

  // `sink_error` is that of the sink below all others, once there is one.
  absl::Status Copy(RecordSource& from, RecordSink& to, const absl::Status& sink_error) {
    while (true) {
      if (going_ && !going_()) return Stopped();
      const absl::StatusOr<const FileRecord*> record = from.Next();
      if (!record.ok()) return record.status();
      if (*record == nullptr) return absl::OkStatus();
      absl::Status written = to.Write(**record);
      if (!sink_error.ok()) return sink_error;
      if (written.ok()) {
        Count(**record);
        continue;
      }
      if (!absl::IsInvalidArgument(written)) return written;
      if (!input_.recover) return Refused(**record, written);
      input_.on_skipped(
          {(*record)->offset, (*record)->bytes.size(), std::string(written.message())});
    }
  }

 private:
  static absl::Status Refused(const FileRecord& record, const absl::Status& why) {
    return absl::InvalidArgumentError(absl::StrCat("byte ", record.offset, ", record ",
                                                   record.index, ", type ", record.type, ": ",
                                                   std::string(why.message())));
  }

  void Count(const FileRecord& record) {
    if (!input_.types.empty() && !input_.types.contains(record.type)) return;
    ++totals_->records;
    ++totals_->records_by_type[record.type];
  }

  InputOptions input_;
  const Going& going_;
  Totals* const totals_;
};

}  // namespace

absl::Status Convert(std::unique_ptr<io::ByteSource> source, const InputOptions& input,
                     std::unique_ptr<io::ByteSink> sink, const OutputKind& output,
                     const Going& going, Totals* totals) {
  const bool warts = output.format == Format::kWarts;
  const bool copy = warts && !input.recover;
  Conversion conversion(input, going, totals);
  absl::StatusOr<OpenedRecords> opened =
      conversion.Open(std::move(source), copy    ? Delivery::kBytes
                                         : warts ? Delivery::kRecorded
                                                 : Delivery::kDecoded);
  if (!opened.ok()) return opened.status();
  absl::Status sink_error;
  auto counted = std::make_unique<CountingSink>(std::move(sink), &sink_error, &totals->bytes_out);
  const std::unique_ptr<RecordSink> to =
      copy && opened->kind == InputKind::kWarts
          ? NewCopyingSink(io::Compress(output.compression, std::move(counted)))
          : OpenSink(std::move(counted), output);
  absl::Status status = conversion.Copy(*opened->records, *to, sink_error);
  if (!sink_error.ok()) return sink_error;
  const bool partial = absl::IsDataLoss(status) || absl::IsInvalidArgument(status);
  if (!status.ok() && !partial) return status;
  absl::Status closed = to->Close();
  return closed.ok() ? status : closed;
}

absl::Status DeliverRecords(std::unique_ptr<io::ByteSource> source, const InputOptions& input,
                            RecordSink& sink, const Going& going, Totals* totals) {
  Conversion conversion(input, going, totals);
  absl::StatusOr<OpenedRecords> opened = conversion.Open(std::move(source), Delivery::kDecoded);
  if (!opened.ok()) return opened.status();
  return conversion.Copy(*opened->records, sink, absl::OkStatus());
}

std::unique_ptr<RecordSink> OpenSink(std::unique_ptr<io::ByteSink> sink, const OutputKind& output) {
  std::unique_ptr<io::ByteSink> to = io::Compress(output.compression, std::move(sink));
  switch (output.format) {
    case Format::kWarts:
      return NewWartsSink(std::move(to));
    case Format::kJson:
      return NewJsonSink(std::move(to), output.scamper_json);
    case Format::kText:
      return NewTextSink(std::move(to));
    case Format::kProtobuf:
      return NewProtobufSink(std::move(to));
  }
  return NewWartsSink(std::move(to));
}

}  // namespace scamper::files
