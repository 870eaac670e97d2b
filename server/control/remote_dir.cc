// SPDX-License-Identifier: Apache-2.0
#include "server/control/remote_dir.h"

#include <dirent.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/control/remote_name.h"
#include "server/control/retry.h"
#include "server/control/socket_session.h"

namespace scamper::control {
namespace {

constexpr uint32_t kEvents = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF |
                             IN_MOVE_SELF | IN_ONLYDIR;

absl::Status SystemError(absl::string_view what, int error) {
  const bool denied = error == EACCES || error == EPERM;
  return absl::Status(denied ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kUnavailable,
                      absl::StrCat(what, ": ", std::strerror(error)));
}

constexpr absl::Duration kCheckEvery = absl::Seconds(1);

std::pair<dev_t, ino_t> DirectoryAt(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino};
}

// Shared with the read that is under way.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(std::string path, asio::io_context& io, base::Executor* executor, SourceListener* listener)
      : path_(std::move(path)),
        io_(io),
        events_(io),
        retry_(executor),
        executor_(executor),
        listener_(listener) {}

  void Start() {
    retry_.Soon([this] { Begin(); });
  }
  void Stop() {
    listener_ = nullptr;
    retry_.Cancel();
    check_.reset();
    asio::error_code ignored;
    events_.close(ignored);
  }

 private:
  void Begin();
  void Lost(const absl::Status& why);
  // Adds all that are there, the oldest first.
  absl::Status List();
  void Read();
  void OnRead(size_t size);
  // The path may lead elsewhere by now, of which no event tells: one that was removed lives on as
  // long as a socket that was in it is open.
  void CheckLater();
  // False when the directory cannot be watched any more.
  bool Handle(const inotify_event& event);
  void Add(const std::string& name);
  void Remove(const std::string& name, absl::string_view why);

  const std::string path_;
  asio::io_context& io_;
  asio::posix::stream_descriptor events_;
  Retry retry_;
  std::unique_ptr<base::Timer> check_;
  base::Executor* const executor_;
  SourceListener* listener_;  // nullptr once stopped
  // Of the directory that is watched.
  std::pair<dev_t, ino_t> watched_;
  std::set<std::string> found_;
  alignas(inotify_event) std::array<char, 16 << 10> buffer_;
};

void Watch::Begin() {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return Lost(SystemError("inotify", errno));
  events_.assign(fd);
  if (::inotify_add_watch(fd, path_.c_str(), kEvents) < 0) return Lost(SystemError("watch", errno));
  // Behind the watch, so that none is missed between the two.
  if (const absl::Status status = List(); !status.ok()) return Lost(status);
  retry_.Succeeded();
  watched_ = DirectoryAt(path_);
  CheckLater();
  Read();
  listener_->OnStatus(absl::OkStatus());
}

void Watch::Lost(const absl::Status& why) {
  asio::error_code ignored;
  events_.close(ignored);
  check_.reset();
  for (const std::string& name : std::exchange(found_, {})) {
    listener_->OnGone(name, "the directory is not there any more");
  }
  retry_.Later([this] { Begin(); });
  listener_->OnStatus(absl::Status(why.code(), absl::StrCat(path_, ": ", why.message())));
}

void Watch::CheckLater() {
  check_ = executor_->After(kCheckEvery, [this] {
    if (DirectoryAt(path_) == watched_) return CheckLater();
    Lost(absl::UnavailableError("the directory was removed or replaced"));
  });
}

absl::Status Watch::List() {
  DIR* directory = ::opendir(path_.c_str());
  if (directory == nullptr) return SystemError("list", errno);
  std::vector<std::pair<int64_t, std::string>> by_age;
  while (const dirent* entry = ::readdir(directory)) {
    struct stat info {};
    if (::lstat(absl::StrCat(path_, "/", entry->d_name).c_str(), &info) != 0) continue;
    by_age.emplace_back(info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec, entry->d_name);
  }
  ::closedir(directory);
  std::sort(by_age.begin(), by_age.end());
  for (const auto& [age, name] : by_age) Add(name);
  return absl::OkStatus();
}

void Watch::Read() {
  events_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](
                                                     const asio::error_code& error, size_t size) {
    if (self->listener_ == nullptr) return;
    if (!error) return self->OnRead(size);
    self->Lost(absl::UnavailableError(absl::StrCat("inotify: ", error.message())));
  });
}

void Watch::OnRead(size_t size) {
  for (size_t at = 0; at + sizeof(inotify_event) <= size;) {
    const auto* event = reinterpret_cast<const inotify_event*>(buffer_.data() + at);
    at += sizeof(inotify_event) + event->len;
    if (!Handle(*event)) return;
  }
  Read();
}

bool Watch::Handle(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    // Some were missed: everything is looked at anew.
    Lost(absl::UnavailableError("too many changes at once"));
    return false;
  }
  if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0) {
    Lost(absl::UnavailableError("the directory was removed"));
    return false;
  }
  const std::string name = event.len > 0 ? event.name : "";
  if ((event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
    Remove(name, "its socket was removed: sc_remoted lost the connection to it");
  } else {
    Add(name);
  }
  return true;
}

void Watch::Add(const std::string& name) {
  const std::string path = absl::StrCat(path_, "/", name);
  struct stat info {};
  if (name.empty() || name[0] == '.' || ::stat(path.c_str(), &info) != 0 ||
      !S_ISSOCK(info.st_mode)) {
    return;
  }
  absl::StatusOr<Endpoint> endpoint = ParseEndpoint(absl::StrCat("remote:", path));
  if (!endpoint.ok() || !found_.insert(name).second) return;
  FoundVp vp;
  vp.key = name;
  vp.endpoint = FormatEndpoint(*endpoint);
  vp.fallback_name = name;
  vp.vantage_point = ReadRemoteName(name);
  vp.connector = MakeSocketConnector(*std::move(endpoint), &io_);
  listener_->OnFound(std::move(vp));
}

void Watch::Remove(const std::string& name, absl::string_view why) {
  if (found_.erase(name) > 0) listener_->OnGone(name, why);
}

class RemoteDir : public Source {
 public:
  explicit RemoteDir(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  ~RemoteDir() override { watch_->Stop(); }

 private:
  std::shared_ptr<Watch> watch_;
};

}  // namespace

std::unique_ptr<Source> WatchRemoteDir(std::string path, asio::io_context* io_context,
                                       base::Executor* executor, SourceListener* listener) {
  auto watch = std::make_shared<Watch>(std::move(path), *io_context, executor, listener);
  watch->Start();
  return std::make_unique<RemoteDir>(std::move(watch));
}

}  // namespace scamper::control
