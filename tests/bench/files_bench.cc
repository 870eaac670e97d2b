// SPDX-License-Identifier: Apache-2.0
// What it costs to read and write files, against scamper's own tools as Debian packages them.
//
// Makes a file of traces: recorded ones (tests/testdata/records), again and again with other
// addresses and times. Converts it with sc_warts2json and sc_warts2text and with
// `scamper-grpc convert --local`, the two in turn, and prints of one run, as medians of the rounds,
// - the ratios of CPU time (user and system);
// - the input that a core takes in a second, to warts by way of the messages and as it is
// converted;
// - the peak memory for the file and for a quarter of it;
// - the CPU time of reading gzip against that of the decompressor alone;
// - the throughput through a server, which it starts, against that of --local, by the clock.
// Output goes to /dev/null.
//
//   files_bench [MB of JSON, default 200] [rounds, default 5]
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/files/convert.h"
#include "server/files/record_stream.h"
#include "server/io/fd_io.h"
#include "server/io/open.h"
#include "server/warts/address.h"
#include "tests/bench/processes.h"

namespace scamper {
namespace {

using bench::Die;
using bench::Median;

void Check(const absl::Status& status) {
  if (!status.ok()) Die(std::string(status.message()));
}

template <typename T>
T Take(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

std::unique_ptr<io::ByteSource> Open(const std::string& path) {
  return Take(io::FdSource::Open(path));
}

// The recorded traces with the list and the cycle of the first file.
struct Recorded {
  v1::List list;
  v1::Cycle cycle;
  std::vector<v1::Record> traces;
};

void Record(const std::string& path, Recorded* out) {
  files::RecordStream stream(Open(path), {});
  while (const files::FileRecord* record = Take(stream.Next())) {
    if (!record->record->has_trace()) continue;
    if (out->traces.empty()) {
      out->list = *record->list;
      out->cycle = *record->cycle;
    }
    out->traces.push_back(*record->record);
  }
}

// Another address of the same kind; equal ones stay equal, the first bytes and the last stay.
void Vary(uint32_t round, std::string* text) {
  auto address = warts::ParseAddress(*text);
  if (!address) Die(absl::StrCat("no address: ", *text));
  uint8_t* bytes = address->bytes + warts::AddressSize(address->type) - 3;
  bytes[0] ^= static_cast<uint8_t>(round >> 8);
  bytes[1] ^= static_cast<uint8_t>(round);
  warts::FormatAddress(address->view(), text);
}

void Vary(uint32_t round, google::protobuf::RepeatedPtrField<v1::TraceHop>* hops) {
  for (v1::TraceHop& hop : *hops) {
    Vary(round, hop.mutable_src());
    hop.mutable_rtt()->set_nanos(
        static_cast<int32_t>((hop.rtt().nanos() + round % 5000 * 7000) % 1000000000));
    if (hop.has_tx()) hop.mutable_tx()->set_seconds(hop.tx().seconds() + round);
    if (hop.has_reply_ipid()) hop.set_reply_ipid((hop.reply_ipid() + round * 31) & 0xffff);
  }
}

void Vary(uint32_t round, v1::Trace* trace) {
  trace->set_userid(round);
  trace->mutable_start()->set_seconds(trace->start().seconds() + round);
  if (trace->has_src()) Vary(round, trace->mutable_src());
  Vary(round, trace->mutable_dst());
  Vary(round, trace->mutable_hops());
  if (trace->has_pmtud()) Vary(round, trace->mutable_pmtud()->mutable_hops());
}

// About `size` bytes of warts.
void MakeInput(const std::string& path, uint64_t size) {
  Recorded recorded;
  for (const char* version : {"scamper-20211212", "scamper-20260420"})
    Record(absl::StrCat(SCAMPER_TESTDATA, "/records/", version, "/trace.warts"), &recorded);
  auto sink = files::NewWartsSink(Take(io::FdSink::Create(path)));
  uint64_t written = 0;
  for (uint32_t round = 0; written < size; ++round) {
    for (const v1::Record& trace : recorded.traces) {
      v1::Record varied = trace;
      Vary(round, varied.mutable_trace());
      files::FileRecord record;
      record.record = &varied;
      record.list = record.cycle_list = &recorded.list;
      record.cycle = &recorded.cycle;
      Check(sink->Write(record));
    }
    struct stat made;
    if (stat(path.c_str(), &made) != 0) Die("no input");
    written = static_cast<uint64_t>(made.st_size);
  }
  Check(sink->Close());
}

void ThroughMessages(const std::string& in, const std::string& out) {
  files::StreamOptions options;
  options.derived = records::Derived::kLeaveOut;
  files::RecordStream stream(Open(in), options);
  auto sink = files::NewWartsSink(Take(io::FdSink::Create(out)));
  while (const files::FileRecord* record = Take(stream.Next())) Check(sink->Write(*record));
  Check(sink->Close());
}

void CopyRecords(const std::string& in, const std::string& out) {
  files::Totals totals;
  Check(files::Convert(Open(in), {}, Take(io::FdSink::Create(out)), {}, nullptr, &totals));
}

void Decompress(const std::string& in, const std::string& out) {
  const auto source = Take(io::DetectSource(Open(in))).source;
  const auto sink = Take(io::FdSink::Create(out));
  std::vector<char> block(256 * 1024);
  while (const size_t n = Take(source->Read(block.data(), block.size())))
    Check(sink->Write(absl::string_view(block.data(), n)));
  Check(sink->Close());
}

// What the bench runs as a process of its own: files_bench WHAT IN OUT.
bool RunAsChild(const std::string& what, const std::string& in, const std::string& out) {
  if (what == "--messages") {
    ThroughMessages(in, out);
  } else if (what == "--records") {
    CopyRecords(in, out);
  } else if (what == "--decompress") {
    Decompress(in, out);
  } else {
    return false;
  }
  return true;
}

// What a process took.
struct Cost {
  // Seconds, the second one by the clock.
  double cpu = 0;
  double wall = 0;
  long peak_kib = 0;
};

Cost Run(const std::vector<std::string>& argv) {
  const absl::Time start = absl::Now();
  const pid_t pid = bench::Start(argv);
  int status = 0;
  rusage usage = {};
  if (wait4(pid, &status, 0, &usage) != pid || status != 0) Die(absl::StrCat(argv[0], " failed"));
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          absl::ToDoubleSeconds(absl::Now() - start), usage.ru_maxrss};
}

// Two processes in turn.
struct Comparison {
  double theirs = 0;
  double ours = 0;
  double ratio = 0;
};

Comparison Compare(int rounds, const std::vector<std::string>& theirs,
                   const std::vector<std::string>& ours, double Cost::*measure = &Cost::cpu) {
  std::vector<double> a, b, ratios;
  for (int r = 0; r < rounds; ++r) {
    a.push_back(Run(theirs).*measure);
    b.push_back(Run(ours).*measure);
    ratios.push_back(b.back() / a.back());
  }
  return {Median(a), Median(b), Median(ratios)};
}

double Megabytes(const std::string& path) {
  struct stat file;
  if (stat(path.c_str(), &file) != 0) Die(absl::StrCat("no ", path));
  return static_cast<double>(file.st_size) * 1e-6;
}

class Bench {
 public:
  Bench(std::string self, std::string dir, int rounds)
      : self_(std::move(self)),
        input_(dir + "/traces.warts"),
        quarter_(dir + "/quarter.warts"),
        compressed_(dir + "/traces.warts.gz"),
        socket_("unix:" + dir + "/grpc"),
        rounds_(rounds) {}

  void Make(uint64_t json_megabytes) const {
    // The JSON takes about six times as many bytes.
    const uint64_t size = json_megabytes * 1000000 / 6;
    MakeInput(input_, size);
    MakeInput(quarter_, size / 4);
    const std::string json = input_ + ".json";
    Run({SCAMPER_GRPC, "convert", "--local", input_, compressed_});
    Run({SCAMPER_GRPC, "convert", "--local", input_, json});
    std::printf("input: %.0f MB of warts, %.0f MB of JSON, %.0f MB with gzip\n", Megabytes(input_),
                Megabytes(json), Megabytes(compressed_));
    unlink(json.c_str());
  }

  void CpuTimes() const {
    for (const std::string kind : {"json", "text"}) {
      const Comparison c = Compare(rounds_, {"sc_warts2" + kind, input_}, Local(kind, input_));
      std::printf("warts -> %s: sc_warts2%s %.3f s, scamper-grpc %.3f s, ratio %.3f\n",
                  kind.c_str(), kind.c_str(), c.theirs, c.ours, c.ratio);
    }
    const Comparison c =
        Compare(rounds_, {self_, "--messages", input_, "/dev/null"}, Local("warts", input_));
    std::printf("warts -> warts: %.0f MB/s by way of the messages, %.0f MB/s as converted\n",
                Megabytes(input_) / c.theirs, Megabytes(input_) / c.ours);
  }

  void Memory() const {
    for (const std::string kind : {"json", "text", "warts", "warts.xz"}) {
      std::printf("peak memory, to %s: %.1f MB, a quarter of the input %.1f MB\n", kind.c_str(),
                  Peak(Local(kind, input_)), Peak(Local(kind, quarter_)));
    }
  }

  void Gzip() const {
    const Comparison c = Compare(rounds_, {self_, "--decompress", compressed_, "/dev/null"},
                                 {self_, "--records", compressed_, "/dev/null"});
    std::printf("gzip: decompressed %.3f s, read record by record %.3f s, ratio %.3f\n", c.theirs,
                c.ours, c.ratio);
  }

  void ThroughServer() const {
    const bench::Child server({SCAMPER_GRPC_SERVER, "--listen", socket_});
    for (int i = 0; access(socket_.c_str() + 5, F_OK) != 0; ++i) {
      if (i == 100) Die("the server did not start");
      absl::SleepFor(absl::Milliseconds(50));
    }
    for (const std::string kind : {"json", "text", "warts"}) {
      const Comparison c = Compare(
          rounds_, Local(kind, input_),
          {SCAMPER_GRPC, "convert", "--server", socket_, "--to", kind, input_, "-"}, &Cost::wall);
      std::printf("through the server, to %s: %.0f MB/s of input, --local %.0f MB/s, ratio %.2f\n",
                  kind.c_str(), Megabytes(input_) / c.ours, Megabytes(input_) / c.theirs,
                  1 / c.ratio);
    }
  }

  void CleanUp() const {
    for (const std::string* path : {&input_, &quarter_, &compressed_}) unlink(path->c_str());
    unlink(socket_.c_str() + 5);
  }

 private:
  static std::vector<std::string> Local(const std::string& kind, const std::string& in) {
    return {SCAMPER_GRPC, "convert", "--local", "--to", kind, in, "-"};
  }

  static double Peak(const std::vector<std::string>& argv) {
    return static_cast<double>(Run(argv).peak_kib) * 1024e-6;
  }

  const std::string self_;
  const std::string input_;
  const std::string quarter_;
  const std::string compressed_;
  const std::string socket_;
  const int rounds_;
};

int Main(int argc, char** argv) {
  if (argc == 4 && RunAsChild(argv[1], argv[2], argv[3])) return 0;
  int megabytes = 200, rounds = 5;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &megabytes)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &rounds)) || megabytes < 1 || rounds < 1) {
    Die("usage: files_bench [MB of JSON] [rounds]");
  }
  char dir[] = "/tmp/files_bench.XXXXXX";
  if (mkdtemp(dir) == nullptr) Die("no temporary folder");
  Bench bench(argv[0], dir, rounds);
  bench.Make(static_cast<uint64_t>(megabytes));
  bench.CpuTimes();
  bench.Memory();
  bench.Gzip();
  bench.ThroughServer();
  bench.CleanUp();
  rmdir(dir);
  return 0;
}

}  // namespace
}  // namespace scamper

int main(int argc, char** argv) { return scamper::Main(argc, argv); }
