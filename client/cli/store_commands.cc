// SPDX-License-Identifier: Apache-2.0
#include "client/cli/store_commands.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/connection.h"
#include "client/cli/convert_call.h"
#include "client/cli/file_input.h"
#include "client/cli/file_output.h"
#include "client/cli/file_report.h"
#include "client/cli/json_output.h"
#include "client/cli/text_table.h"

namespace scamper::cli {
namespace {

using Stub = v1::ScamperFiles::Stub;

std::string ModifiedText(const v1::StoredFile& file) {
  if (!file.has_modified()) return "";
  const absl::Time modified = absl::FromUnixSeconds(file.modified().seconds());
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", modified, absl::UTCTimeZone());
}

void Print(const std::vector<v1::StoredFile>& files, const v1::ListFilesResponse& last, bool json,
           std::ostream& out) {
  std::vector<TableRow> rows = {{"NAME", "SIZE", "MODIFIED"}};
  for (const v1::StoredFile& file : files) {
    if (json) out << ToJsonLine(file) << '\n';
    rows.push_back({file.name(), absl::StrCat(file.size()), ModifiedText(file)});
  }
  if (json) return;
  out << TextTable(std::move(rows)) << files.size() << (files.size() == 1 ? " file, " : " files, ")
      << BytesText(last.total_size());
  if (last.max_size() != 0) out << " of at most " << BytesText(last.max_size());
  out << '\n';
}

// Sends `input` as the chunks of an upload, unless the call ends before.
absl::Status Send(FileInput* input, const v1::UploadOptions& options, TransferProgress* progress,
                  grpc::ClientWriter<v1::UploadRequest>* writer) {
  v1::UploadRequest request;
  *request.mutable_options() = options;
  while (writer->Write(request)) {
    if (absl::Status read = ReadChunk(*input, request.mutable_chunk()); !read.ok()) return read;
    if (request.chunk().empty()) {
      request.mutable_end();
      writer->WriteLast(request, grpc::WriteOptions());
      break;
    }
    progress->Advance(request.chunk().size());
  }
  return absl::OkStatus();
}

}  // namespace

int RunListCommand(const ListOptions& options, const Console& console, Interrupt* interrupt) {
  Connection connection(options.common.server, options.common.timeout, interrupt);
  TransferProgress err(console.err, false, std::nullopt);
  std::vector<v1::StoredFile> files;
  v1::ListFilesRequest request;
  v1::ListFilesResponse response;
  do {
    response.Clear();
    const grpc::Status status =
        connection.Call(connection.files(), &Stub::ListFiles, request, &response);
    if (!status.ok()) return CallFailed(connection, status, &err);
    files.insert(files.end(), response.files().begin(), response.files().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  Print(files, response, options.common.json, console.out);
  console.out.flush();
  return console.out.good() ? kSuccess : kTaskFailed;
}

int RunPutCommand(const PutOptions& options, const Console& console, Interrupt* interrupt) {
  Connection connection(options.common.server, options.common.timeout, interrupt);
  auto input = FileInput::Open(options.in, console.in_fd, absl::Now() + options.common.timeout);
  TransferProgress progress(console.err, console.live_progress,
                            input.ok() ? (*input)->size() : std::nullopt);
  if (!input.ok()) return InputFailed("", input.status(), &progress);
  v1::UploadOptions upload;
  upload.set_file(options.name);
  upload.set_overwrite(options.overwrite);
  // Not under an Interrupt::Scope: a signal also ends a wait for input, and an upload that breaks
  // off leaves nothing.
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  v1::UploadResponse response;
  const auto writer = connection.files().Upload(&context, &response);
  const absl::Status sent = Send(input->get(), upload, &progress, writer.get());
  if (!sent.ok()) context.TryCancel();
  const grpc::Status status = writer->Finish();
  if (!sent.ok()) return InputFailed("", sent, &progress);
  return status.ok() ? kSuccess : CallFailed(connection, status, &progress);
}

int RunGetCommand(const GetOptions& options, const Console& console, Interrupt* interrupt) {
  Connection connection(options.common.server, options.common.timeout, interrupt);
  const int out_fd = options.out.kind == Place::Kind::kStandard ? console.out_fd : -1;
  TransferProgress progress(console.err, ShowsBar(console, options.out), std::nullopt);
  auto output = OpenOutput(options.out, console.out_fd, interrupt);
  if (!output.ok()) return OutputFailed(output.status(), out_fd, &progress);
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  const Interrupt::Scope scope(interrupt, &context);
  v1::DownloadRequest request;
  request.set_file(options.name);
  const auto reader = connection.files().Download(&context, request);
  v1::DownloadResponse response;
  absl::Status written;
  while (reader->Read(&response)) {
    if (!written.ok()) continue;
    progress.Advance(response.chunk().size());
    written = (*output)->Write(response.chunk());
    if (!written.ok()) context.TryCancel();
  }
  const grpc::Status status = reader->Finish();
  if (written.ok() && status.ok()) written = (*output)->Close();
  if (!written.ok()) return OutputFailed(written, out_fd, &progress);
  return status.ok() ? kSuccess : CallFailed(connection, status, &progress);
}

int RunRemoveCommand(const RemoveOptions& options, const Console& console, Interrupt* interrupt) {
  Connection connection(options.common.server, options.common.timeout, interrupt);
  TransferProgress err(console.err, false, std::nullopt);
  int code = kSuccess;
  for (const std::string& name : options.names) {
    v1::DeleteFileRequest request;
    request.set_file(name);
    v1::DeleteFileResponse response;
    const grpc::Status status =
        connection.Call(connection.files(), &Stub::DeleteFile, request, &response);
    if (!status.ok()) code = Worse(code, CallFailed(connection, status, &err));
  }
  return code;
}

}  // namespace scamper::cli
