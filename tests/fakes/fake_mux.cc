// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_mux.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <deque>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/fakes/uuencode.h"

namespace scamper::fakes {
namespace {

using Protocol = asio::local::stream_protocol;
using Clock = std::chrono::steady_clock;

constexpr size_t kHeader = 8;
// As sc_remoted reads.
constexpr size_t kReadSize = 8192;
constexpr uint32_t kOnly = 1;

std::string Number(uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return out;
}

uint32_t BigEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string Frame(uint32_t channel, std::string_view body) {
  std::string frame = Number(channel, 4) + Number(static_cast<uint32_t>(body.size()), 4);
  frame.append(body);
  return frame;
}

std::string GoFrame() { return Frame(0, Number(2, 2)); }
std::string DepartFrame(uint32_t vp) { return Frame(0, Number(1, 2) + Number(vp, 4)); }
std::string CloseFrame(uint32_t channel) { return Frame(0, Number(4, 2) + Number(channel, 4)); }

}  // namespace

std::string MuxUpdateFrame(uint32_t vp, const FakeMux::Attributes& attributes) {
  std::string body = Number(0, 2) + Number(vp, 4);
  for (const auto& [number, value] : attributes) body += Number(number, 2) + value + '\0';
  return Frame(0, body);
}

namespace {

struct Channel {
  uint32_t vp = 0;
  std::string line;
  uint32_t last_id = 0;
  // Commands without a result.
  std::map<uint32_t, std::string> running;
  bool done = false;
  // Ended; never forgotten, as sc_remoted does not.
  bool closed = false;
};

}  // namespace

class FakeMux::State : public std::enable_shared_from_this<FakeMux::State> {
 public:
  State(asio::io_context& io, FakeMuxOptions options)
      : io_(io), options_(std::move(options)), acceptor_(io), timer_(io) {}

  struct Client {
    explicit Client(asio::io_context& io) : socket(io) {}
    Protocol::socket socket;
    std::array<char, kReadSize> buffer;
    // A data frame that did not come whole.
    std::string rest;
    std::map<uint32_t, Channel> channels;
    std::string pending, in_flight;
    bool writing = false;
    bool gone = false;
    // False: a vantage point's own socket; all is of one channel, kOnly.
    bool framed = true;
  };
  using ClientPtr = std::shared_ptr<Client>;

  void Listen();
  void ListenAt(const std::string& path);
  void Stop();
  void Announce(uint32_t vp);
  void Depart(uint32_t vp);
  void Write(const ClientPtr& client, const std::string& bytes);
  void Drop(const ClientPtr& client);

  asio::io_context& io_;
  const FakeMuxOptions options_;
  Protocol::acceptor acceptor_;
  std::deque<Protocol::acceptor> sockets_;
  std::map<uint32_t, Attributes> vps;
  uint32_t last_vp = 0;
  std::set<ClientPtr> clients;
  uint64_t commands = 0;
  uint64_t connections = 0;
  std::vector<std::string> violations;

 private:
  struct Due {
    Clock::time_point at;
    std::weak_ptr<Client> client;
    uint32_t channel;
    uint32_t id;
  };

  void Accept();
  void AcceptAt(Protocol::acceptor& acceptor);
  void Greet(const ClientPtr& client, uint32_t number);
  void Send(const ClientPtr& client, uint32_t number, std::string_view bytes);
  void Read(const ClientPtr& client);
  void Take(const ClientPtr& client, std::string_view bytes);
  void Open(const ClientPtr& client, std::string_view body);
  void Hear(const ClientPtr& client, uint32_t channel, std::string_view bytes);
  void Line(const ClientPtr& client, uint32_t number, Channel& channel, const std::string& line);
  void Finish(const ClientPtr& client, uint32_t number, Channel& channel, uint32_t id);
  void EndIfDone(const ClientPtr& client, uint32_t number, Channel& channel);
  void Reply(const ClientPtr& client, uint32_t number, const std::string& text);
  void Data(const ClientPtr& client, uint32_t number, const std::string& record,
            const std::string& suffix);
  void Flush(const ClientPtr& client);
  void Wait();

  // Many records are the same one.
  std::string encoded_record_, encoded_;
  // In order.
  Clock::time_point last_due_;
  std::deque<Due> due_;
  asio::steady_timer timer_;
  bool waiting_ = false;
};

void FakeMux::State::Listen() {
  if (options_.path.empty()) return;
  ::unlink(options_.path.c_str());
  const Protocol::endpoint endpoint(options_.path);
  acceptor_.open(endpoint.protocol());
  acceptor_.bind(endpoint);
  acceptor_.listen();
  Accept();
}

void FakeMux::State::ListenAt(const std::string& path) {
  AcceptAt(sockets_.emplace_back(io_, Protocol::endpoint(path)));
}

void FakeMux::State::AcceptAt(Protocol::acceptor& acceptor) {
  auto client = std::make_shared<Client>(io_);
  client->framed = false;
  acceptor.async_accept(client->socket, [self = shared_from_this(), client,
                                         &acceptor](const asio::error_code& error) {
    if (error) return;
    ++self->connections;
    self->clients.insert(client);
    self->Greet(client, kOnly);
    self->Read(client);
    self->AcceptAt(acceptor);
  });
}

void FakeMux::State::Stop() {
  asio::error_code ignored;
  acceptor_.close(ignored);
  for (Protocol::acceptor& socket : sockets_) socket.close(ignored);
  ::unlink(options_.path.c_str());
  while (!clients.empty()) Drop(*clients.begin());
  timer_.cancel();
}

void FakeMux::State::Accept() {
  auto client = std::make_shared<Client>(io_);
  acceptor_.async_accept(client->socket,
                         [self = shared_from_this(), client](const asio::error_code& error) {
                           if (error) return;
                           ++self->connections;
                           self->clients.insert(client);
                           std::string hello;
                           for (const auto& [vp, attributes] : self->vps) {
                             hello += MuxUpdateFrame(vp, attributes);
                           }
                           self->Write(client, hello + GoFrame());
                           self->Read(client);
                           self->Accept();
                         });
}

void FakeMux::State::Drop(const ClientPtr& client) {
  client->gone = true;
  asio::error_code ignored;
  client->socket.close(ignored);
  clients.erase(client);
}

void FakeMux::State::Announce(uint32_t vp) {
  for (const ClientPtr& client : clients) Write(client, MuxUpdateFrame(vp, vps.at(vp)));
}

void FakeMux::State::Depart(uint32_t vp) {
  vps.erase(vp);
  for (const ClientPtr& client : clients) {
    for (auto& [number, channel] : client->channels) {
      if (channel.vp == vp) channel.closed = true;
    }
    Write(client, DepartFrame(vp));
  }
}

void FakeMux::State::Read(const ClientPtr& client) {
  client->socket.async_read_some(
      asio::buffer(client->buffer),
      [self = shared_from_this(), client](const asio::error_code& error, size_t size) {
        if (client->gone) return;
        if (error) return self->Drop(client);
        self->Take(client, std::string_view(client->buffer.data(), size));
        if (!client->gone) self->Read(client);
      });
}

void FakeMux::State::Take(const ClientPtr& client, std::string_view bytes) {
  if (!client->framed) return Hear(client, kOnly, bytes);
  std::string all = std::exchange(client->rest, {});
  const size_t before = all.size();
  all.append(bytes);
  std::string_view rest = all;
  while (rest.size() >= kHeader && !client->gone) {
    const uint32_t channel = BigEndian(rest.substr(0, 4));
    const size_t length = BigEndian(rest.substr(4, 4));
    const bool began_before = all.size() - rest.size() < before;
    const bool whole = rest.size() >= kHeader + length;
    if (channel == 0 && (!whole || (began_before && before > kHeader))) {
      violations.push_back("a control frame came in two reads");
      return Drop(client);
    }
    if (!whole) break;
    const std::string_view body = rest.substr(kHeader, length);
    rest.remove_prefix(kHeader + length);
    if (channel == 0) {
      Open(client, body);
    } else {
      Hear(client, channel, body);
    }
  }
  client->rest = std::string(rest);
}

void FakeMux::State::Open(const ClientPtr& client, std::string_view body) {
  if (body.size() != 10 || BigEndian(body.substr(0, 2)) != 3) return;
  const uint32_t vp = BigEndian(body.substr(2, 4));
  const uint32_t number = BigEndian(body.substr(6, 4));
  if (!vps.contains(vp) || client->channels.contains(number) || number == 0) {
    violations.push_back(absl::StrCat("channel ", number, " was opened to ", vp));
    return Drop(client);
  }
  client->channels[number].vp = vp;
  Greet(client, number);
}

void FakeMux::State::Greet(const ClientPtr& client, uint32_t number) {
  client->channels[number];
  Reply(client, number, "MORE\n");
  Data(client, number, options_.list_record, "");
  Data(client, number, options_.cycle_record, "");
}

void FakeMux::State::Hear(const ClientPtr& client, uint32_t number, std::string_view bytes) {
  const auto it = client->channels.find(number);
  if (it == client->channels.end()) return;
  Channel& channel = it->second;
  if (channel.closed) {
    if (vps.contains(channel.vp)) violations.push_back("bytes on a channel that was finished");
    return;
  }
  channel.line.append(bytes);
  for (size_t lf = channel.line.find('\n'); lf != std::string::npos; lf = channel.line.find('\n')) {
    const std::string line = channel.line.substr(0, lf);
    channel.line.erase(0, lf + 1);
    Line(client, number, channel, line);
  }
}

void FakeMux::State::Line(const ClientPtr& client, uint32_t number, Channel& channel,
                          const std::string& line) {
  uint32_t id = 0;
  if (channel.done) violations.push_back("a line behind done");
  if (line == "done") {
    channel.done = true;
    Reply(client, number, "OK\n");
    return EndIfDone(client, number, channel);
  }
  if (absl::StartsWith(line, "halt ") && absl::SimpleAtoi(line.substr(5), &id)) {
    const bool known = channel.running.contains(id);
    Reply(client, number, absl::StrCat(known ? "OK halted " : "ERR no task id-", id, "\n"));
    return Finish(client, number, channel, id);
  }
  ++commands;
  if (absl::StartsWith(line, "bad")) {
    return Reply(client, number, "ERR command not accepted: bad\n");
  }
  id = ++channel.last_id;
  channel.running[id] = line;
  Reply(client, number, absl::StrCat("OK id-", id, "\nMORE\n"));
  if (absl::StrContains(line, "silent")) return;
  if (options_.result_delay.count() == 0 && options_.result_spacing.count() == 0) {
    return Finish(client, number, channel, id);
  }
  last_due_ = std::max(Clock::now() + options_.result_delay, last_due_ + options_.result_spacing);
  due_.push_back({last_due_, client, number, id});
  Wait();
}

void FakeMux::State::Finish(const ClientPtr& client, uint32_t number, Channel& channel,
                            uint32_t id) {
  const auto it = channel.running.find(id);
  if (it == channel.running.end()) return;
  Data(client, number, options_.result(it->second), absl::StrCat(" id-", id));
  channel.running.erase(it);
  EndIfDone(client, number, channel);
}

void FakeMux::State::EndIfDone(const ClientPtr& client, uint32_t number, Channel& channel) {
  if (!channel.done || !channel.running.empty() || channel.closed) return;
  Data(client, number, options_.cycle_stop_record, "");
  channel.closed = true;
  if (client->framed) return Write(client, CloseFrame(number));
  asio::post(io_, [self = shared_from_this(), client] { self->Drop(client); });
}

void FakeMux::State::Reply(const ClientPtr& client, uint32_t number, const std::string& text) {
  Send(client, number, text);
}

void FakeMux::State::Data(const ClientPtr& client, uint32_t number, const std::string& record,
                          const std::string& suffix) {
  if (record != encoded_record_) {
    encoded_ = control::UuEncode(record);
    encoded_record_ = record;
  }
  Send(client, number, absl::StrCat("DATA ", encoded_.size(), suffix, "\n"));
  for (size_t at = 0; at < encoded_.size(); at += kReadSize) {
    Send(client, number, std::string_view(encoded_).substr(at, kReadSize));
  }
}

void FakeMux::State::Send(const ClientPtr& client, uint32_t number, std::string_view bytes) {
  Write(client, client->framed ? Frame(number, bytes) : std::string(bytes));
}

void FakeMux::State::Write(const ClientPtr& client, const std::string& bytes) {
  if (client->gone) return;
  client->pending += bytes;
  if (!std::exchange(client->writing, true)) Flush(client);
}

void FakeMux::State::Flush(const ClientPtr& client) {
  client->in_flight = std::exchange(client->pending, {});
  asio::async_write(client->socket, asio::buffer(client->in_flight),
                    [self = shared_from_this(), client](const asio::error_code& error, size_t) {
                      if (error || client->gone) return;
                      client->writing = !client->pending.empty();
                      if (client->writing) self->Flush(client);
                    });
}

void FakeMux::State::Wait() {
  if (due_.empty() || std::exchange(waiting_, true)) return;
  timer_.expires_at(due_.front().at);
  timer_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (error) return;
    self->waiting_ = false;
    const auto now = Clock::now();
    while (!self->due_.empty() && self->due_.front().at <= now) {
      const Due due = self->due_.front();
      self->due_.pop_front();
      const ClientPtr client = due.client.lock();
      if (client == nullptr || client->gone) continue;
      Channel& channel = client->channels.at(due.channel);
      if (!channel.closed) self->Finish(client, due.channel, channel, due.id);
    }
    self->Wait();
  });
}

FakeMux::FakeMux(asio::io_context* io, FakeMuxOptions options)
    : state_(std::make_shared<State>(*io, std::move(options))) {
  state_->Listen();
}

FakeMux::~FakeMux() { state_->Stop(); }

uint32_t FakeMux::AddVp(Attributes attributes) {
  const uint32_t vp = ++state_->last_vp;
  state_->vps[vp] = std::move(attributes);
  state_->Announce(vp);
  return vp;
}

void FakeMux::AddSocket(const std::string& path) { state_->ListenAt(path); }

uint32_t FakeMux::ResumeVp(Attributes attributes) {
  const uint32_t vp = ++state_->last_vp;
  state_->vps[vp] = std::move(attributes);
  Say(DepartFrame(0));
  return vp;
}

void FakeMux::Depart(uint32_t vp) { state_->Depart(vp); }

void FakeMux::Restart() {
  state_->Stop();
  state_->vps.clear();
  state_->last_vp = 0;
  state_->Listen();
}

void FakeMux::Say(const std::string& bytes) {
  for (const auto& client : state_->clients) state_->Write(client, bytes);
}

size_t FakeMux::clients() const { return state_->clients.size(); }

size_t FakeMux::channels() const {
  size_t open = 0;
  for (const auto& client : state_->clients) {
    for (const auto& [number, channel] : client->channels) open += channel.closed ? 0 : 1;
  }
  return open;
}

uint64_t FakeMux::commands() const { return state_->commands; }
uint64_t FakeMux::connections() const { return state_->connections; }
const std::vector<std::string>& FakeMux::violations() const { return state_->violations; }

}  // namespace scamper::fakes
