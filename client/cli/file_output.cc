// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/io/fd_io.h"

namespace scamper::cli {
namespace {

absl::Status CannotWrite(const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
}

class WholeFile final : public io::ByteSink {
 public:
  // `mode` of the file that is replaced, where there is one.
  static absl::StatusOr<std::unique_ptr<io::ByteSink>> Create(const std::string& path,
                                                              std::optional<mode_t> mode,
                                                              Interrupt* interrupt) {
    auto file = std::unique_ptr<WholeFile>(new WholeFile(path, interrupt));
    const int fd =
        open(file->beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t{0666});
    if (fd < 0) return CannotWrite(path);
    if (mode.has_value()) fchmod(fd, *mode);
    file->sink_ = std::make_unique<io::FdSink>(fd, io::FdOwnership::kOwn, path);
    return file;
  }

  ~WholeFile() override {
    if (sink_ != nullptr && !renamed_) unlink(beside_.c_str());
  }

  absl::Status Write(absl::string_view bytes) override { return sink_->Write(bytes); }

  absl::Status Close() override {
    absl::Status status = sink_->Close();
    if (!status.ok() || renamed_) return status;
    if (rename(beside_.c_str(), path_.c_str()) != 0) return CannotWrite(path_);
    renamed_ = true;
    return absl::OkStatus();
  }

 private:
  WholeFile(const std::string& path, Interrupt* interrupt)
      : path_(path), beside_(NameBeside(path)), removal_(interrupt, beside_) {}

  // A name that nobody else chooses.
  static std::string NameBeside(const std::string& path) {
    std::random_device random;
    return absl::StrCat(path.substr(0, path.rfind('/') + 1), ".scamper-grpc.", getpid(), ".",
                        absl::Hex(random(), absl::kZeroPad8));
  }

  const std::string path_;
  const std::string beside_;
  const Interrupt::Removal removal_;
  std::unique_ptr<io::FdSink> sink_;
  bool renamed_ = false;
};

bool NamesDescriptor(std::string_view path) {
  return path.starts_with("/dev/std") || path.starts_with("/dev/fd/") || path.starts_with("/proc/");
}

// The path behind links; `path` itself where it does not lead to a file.
std::string Followed(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  return real == nullptr ? path : real.get();
}

}  // namespace

absl::StatusOr<std::unique_ptr<io::ByteSink>> OpenOutput(const Place& place, int standard_output,
                                                         Interrupt* interrupt) {
  if (place.kind == Place::Kind::kStandard) {
    return std::make_unique<io::FdSink>(standard_output, io::FdOwnership::kBorrow,
                                        "standard output");
  }
  struct stat file;
  const bool exists = stat(place.name.c_str(), &file) == 0;
  if (exists && (!S_ISREG(file.st_mode) || NamesDescriptor(place.name))) {
    return io::FdSink::Create(place.name);
  }
  if (!exists) return WholeFile::Create(place.name, std::nullopt, interrupt);
  if (access(place.name.c_str(), W_OK) != 0) return CannotWrite(place.name);
  return WholeFile::Create(Followed(place.name), file.st_mode & 07777, interrupt);
}

bool ReaderIsGone(int fd) {
  pollfd writable = {fd, POLLOUT, 0};
  return poll(&writable, 1, 0) > 0 && (writable.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace scamper::cli
