// SPDX-License-Identifier: Apache-2.0
// A fuzz target as an ordinary program: runs over each of the files given, and over so many
// inputs made from them, the same in every run.
//
//   NAME_fuzz [--mutations=N] FILE...    the input under way is kept in NAME_fuzz.input
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/fuzz/fuzz_testing.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
// Of the targets that have one.
extern "C" __attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                                                size_t max_size, unsigned seed);

namespace {

namespace fs = std::filesystem;

// A mutation adds at most so much.
constexpr size_t kRoom = 64;

std::minstd_rand& Random() {
  static std::minstd_rand random(1);
  return random;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void Run(std::string_view bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

std::string Mutated(std::string bytes) {
  const size_t size = bytes.size();
  bytes.resize(size + kRoom);
  auto* const data = reinterpret_cast<uint8_t*>(bytes.data());
  const auto seed = static_cast<unsigned>(Random()());
  bytes.resize(LLVMFuzzerCustomMutator != nullptr
                   ? LLVMFuzzerCustomMutator(data, size, bytes.size(), seed)
                   : LLVMFuzzerMutate(data, size, bytes.size()));
  return bytes;
}

// Ends with the process where an input is found.
void RunMutations(const std::vector<std::string>& inputs, int mutations, const std::string& kept) {
  for (int i = 0; i < mutations; ++i) {
    std::string bytes = inputs[Random()() % inputs.size()];
    for (auto steps = Random()() % 4; steps > 0; --steps) bytes = Mutated(std::move(bytes));
    bytes = Mutated(std::move(bytes));
    std::ofstream(kept, std::ios::binary) << bytes;
    Run(bytes);
  }
  fs::remove(kept);
}

}  // namespace

// Changes, leaves out or moves a few bytes, and perhaps adds some.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size) {
  const auto below = [](size_t n) { return static_cast<size_t>(Random()()) % n; };
  const auto byte = [&] { return static_cast<uint8_t>(below(256)); };
  const size_t at = size == 0 ? 0 : below(size);
  const size_t length = std::min(1 + below(8), size - at);
  switch (below(5)) {
    case 0:
      if (size > 0) data[at] ^= static_cast<uint8_t>(1u << below(8));
      break;
    case 1:
      if (size > 0) data[at] = byte();
      break;
    case 2:
      if (size <= length) break;
      std::memmove(data + at, data + at + length, size - at - length);
      return size - length;
    case 3:
      if (length > 0) std::memmove(data + below(size - length + 1), data + at, length);
      break;
    default:
      break;
  }
  if (size > 0 && below(2) == 0) return size;
  const size_t more = std::min(1 + below(8), max_size - size);
  std::memmove(data + at + more, data + at, size - at);
  for (size_t i = 0; i < more; ++i) data[at + i] = byte();
  return size + more;
}

int main(int argc, char** argv) {
  int mutations = 0;
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg.starts_with("--mutations=")) {
      mutations = std::atoi(arg.substr(arg.find('=') + 1).data());
      continue;
    }
    inputs.push_back(ReadFile(arg));
    // Printed before, for the one that aborts.
    std::printf("%s (%zu bytes)\n", argv[i], inputs.back().size());
    std::fflush(stdout);
    Run(inputs.back());
  }
  if (inputs.empty()) return 1;
  RunMutations(inputs, mutations, fs::path(argv[0]).filename().string() + ".input");
  std::printf("%zu inputs, %d made from them\n", inputs.size(), mutations);
  return 0;
}
