// SPDX-License-Identifier: Apache-2.0
// sc_remoted's mux socket, with vantage points that answer every command; as strict as the real
// one: what would make that close or lose something does so here. Also its sockets of one vantage
// point each.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::fakes {

struct FakeMuxOptions {
  // Path of its unix socket; empty for none.
  std::string path;
  // The warts record that a command gives.
  std::function<std::string(std::string_view command)> result;
  // Records that a channel begins and ends with.
  std::string list_record, cycle_record, cycle_stop_record;
  // From a command to its result.
  std::chrono::microseconds result_delay{0};
  // From a result to the next, of all together, at least.
  std::chrono::nanoseconds result_spacing{0};
};

// Commands that begin with "bad" are rejected; of one that holds "silent" no result comes before
// it is halted. On the io_context's thread.
class FakeMux {
 public:
  // Number of the attribute (mux-protocol: 1 is the monitor name) and value.
  using Attributes = std::vector<std::pair<uint16_t, std::string>>;

  // Listens at once.
  FakeMux(asio::io_context* io, FakeMuxOptions options);
  ~FakeMux();
  FakeMux(const FakeMux&) = delete;
  FakeMux& operator=(const FakeMux&) = delete;

  // Announces it to all clients; returns its number, from 1.
  uint32_t AddVp(Attributes attributes);
  // Listens on a unix socket of one vantage point, attached already.
  void AddSocket(const std::string& path);
  // As when one calls in again whose connection was lost: clients are not told, but sent a
  // departure of 0.
  uint32_t ResumeVp(Attributes attributes);
  // As when the hold time is over: clients learn that it departed; its channels just end.
  void Depart(uint32_t vp);
  // As a new process: closes all connections and listens again; numbers begin with 1 anew.
  void Restart();
  // Sends the bytes to all clients as they are.
  void Say(const std::string& bytes);

  // Clients that are connected.
  size_t clients() const;
  // Channels that are open.
  size_t channels() const;
  // Commands since the start, halts and done not counted.
  uint64_t commands() const;
  // Connections so far.
  uint64_t connections() const;
  // What the real one would have come to harm by; empty in the end.
  const std::vector<std::string>& violations() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

// A VP_UPDATE frame, for Say.
std::string MuxUpdateFrame(uint32_t vp, const FakeMux::Attributes& attributes);

}  // namespace scamper::fakes
