// SPDX-License-Identifier: Apache-2.0
#include "client/cli/convert_command.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/connection.h"
#include "client/cli/convert_call.h"
#include "client/cli/convert_here.h"
#include "client/cli/file_input.h"
#include "client/cli/file_output.h"
#include "client/cli/file_report.h"

namespace scamper::cli {
namespace {

v1::InputKind ToProto(files::InputKind kind) {
  switch (kind) {
    case files::InputKind::kDetect:
      return v1::INPUT_KIND_UNSPECIFIED;
    case files::InputKind::kWarts:
      return v1::INPUT_KIND_WARTS;
    case files::InputKind::kArts:
      return v1::INPUT_KIND_ARTS;
  }
  return v1::INPUT_KIND_UNSPECIFIED;
}

v1::OutputFormat ToProto(files::Format format) {
  switch (format) {
    case files::Format::kWarts:
      return v1::OUTPUT_FORMAT_WARTS;
    case files::Format::kJson:
      return v1::OUTPUT_FORMAT_JSON;
    case files::Format::kText:
      return v1::OUTPUT_FORMAT_TEXT;
    case files::Format::kProtobuf:
      return v1::OUTPUT_FORMAT_PROTOBUF;
  }
  return v1::OUTPUT_FORMAT_UNSPECIFIED;
}

v1::Compression ToProto(io::Compression compression) {
  switch (compression) {
    case io::Compression::kNone:
      return v1::COMPRESSION_UNSPECIFIED;
    case io::Compression::kGzip:
      return v1::COMPRESSION_GZIP;
    case io::Compression::kBzip2:
      return v1::COMPRESSION_BZIP2;
    case io::Compression::kXz:
      return v1::COMPRESSION_XZ;
  }
  return v1::COMPRESSION_UNSPECIFIED;
}

v1::ConvertOptions ToProto(const ConvertOptions& options) {
  v1::ConvertOptions proto;
  v1::InputOptions& input = *proto.mutable_input();
  input.set_kind(ToProto(options.read.kind));
  for (const uint32_t type : options.read.types) input.add_filter_types(type);
  input.set_recover(options.read.recover);
  v1::OutputOptions& output = *proto.mutable_output();
  output.set_format(ToProto(options.to.format));
  output.set_compression(ToProto(options.to.compression));
  output.set_scamper_json(options.to.scamper_json);
  if (options.in.kind == Place::Kind::kStore) input.set_file(options.in.name);
  if (options.out.kind == Place::Kind::kStore) {
    output.set_file(options.out.name);
    output.set_overwrite(options.overwrite);
  }
  return proto;
}

class Command {
 public:
  Command(const ConvertOptions& options, const Console& console, Interrupt* interrupt)
      : options_(options), console_(console), interrupt_(interrupt) {}

  int Run() {
    const absl::Status opened = Open();
    if (!opened.ok()) {
      console_.err << "scamper-grpc: " << std::string(opened.message()) << std::endl;
      return kTaskFailed;
    }
    TransferProgress progress(console_.err, ShowsBar(console_, options_.out),
                              input_ == nullptr ? std::nullopt : input_->size());
    if (!options_.local) return RunAtServer(&progress);
    return ConvertHere(Metered(std::move(input_), &progress), in_name_, options_.read,
                       std::move(output_), options_.to, StandardOutput(), &progress)
        .code;
  }

 private:
  int StandardOutput() const {
    return options_.out.kind == Place::Kind::kStandard ? console_.out_fd : -1;
  }

  // What is not in the store.
  absl::Status Open() {
    if (options_.in.kind != Place::Kind::kStore) {
      auto input =
          FileInput::Open(options_.in, console_.in_fd, absl::Now() + options_.common.timeout);
      if (!input.ok()) return input.status();
      input_ = *std::move(input);
      if (StandardOutput() >= 0 && input_->IsSameFile(console_.out_fd)) {
        return absl::InvalidArgumentError(absl::StrCat(in_name_, " is standard output as well"));
      }
    }
    if (options_.out.kind != Place::Kind::kStore) {
      auto output = OpenOutput(options_.out, console_.out_fd, interrupt_);
      if (!output.ok()) return output.status();
      output_ = *std::move(output);
    }
    return absl::OkStatus();
  }

  int RunAtServer(TransferProgress* progress) {
    Connection connection(options_.common.server, options_.common.timeout, interrupt_);
    const ConvertCallEnd end = CallConvert(
        connection, ToProto(options_), input_.get(), output_.get(),
        [&](const v1::SkippedRegion& region) {
          SayLeftOut(in_name_, {region.offset(), region.length(), region.reason()}, progress);
        },
        progress);
    if (!end.output.ok()) return OutputFailed(end.output, StandardOutput(), progress);
    if (!end.input.ok()) return InputFailed("", end.input, progress);
    const bool damaged = end.call.error_code() == grpc::StatusCode::DATA_LOSS;
    const bool invalid = end.call.error_code() == grpc::StatusCode::INVALID_ARGUMENT;
    if (output_ != nullptr && (end.call.ok() || damaged || (invalid && end.got_output))) {
      const absl::Status closed = output_->Close();
      if (!closed.ok()) return OutputFailed(closed, StandardOutput(), progress);
    }
    if (end.call.ok()) {
      return SayAllLeftOut(in_name_, end.summary.regions_skipped(), end.summary.bytes_skipped(),
                           progress);
    }
    if (!damaged && (!invalid || HasViolations(end.call))) {
      return CallFailed(connection, end.call, progress);
    }
    progress->Say(absl::StrCat(in_name_, ": ", end.call.error_message()));
    return kTaskFailed;
  }

  const ConvertOptions& options_;
  const Console& console_;
  Interrupt* const interrupt_;
  const std::string in_name_ = NameOf(options_.in, "standard input");
  std::unique_ptr<FileInput> input_;
  std::unique_ptr<io::ByteSink> output_;
};

}  // namespace

int RunConvertCommand(const ConvertOptions& options, const Console& console, Interrupt* interrupt) {
  return Command(options, console, interrupt).Run();
}

}  // namespace scamper::cli
