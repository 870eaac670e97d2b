// SPDX-License-Identifier: Apache-2.0
// The commands for result files, parsed.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "client/cli/common_flags.h"
#include "server/files/convert.h"

namespace scamper::cli {

// Where a file is.
struct Place {
  enum class Kind {
    kPath,
    // Standard input or output.
    kStandard,
    // In the server's store.
    kStore,
  };
  Kind kind = Kind::kPath;
  // The path, or the name in the store; empty for kStandard.
  std::string name;

  bool operator==(const Place&) const = default;
};

// "-" is standard input or output, "store:NAME" a file of the store, all else a path.
Place ParsePlace(const std::string& text);

// How the file is called in messages.
std::string NameOf(const Place& place, const char* standard);

// What is read, and how.
struct ReadOptions {
  files::InputKind kind = files::InputKind::kDetect;
  // Empty for all.
  absl::flat_hash_set<uint32_t> types;
  bool recover = false;
};

struct ConvertOptions {
  CommonOptions common;
  ReadOptions read;
  files::OutputKind to;
  // In this process; no place is in the store.
  bool local = false;
  // Replace a file of the store.
  bool overwrite = false;
  Place in;
  Place out;
};

struct CatOptions {
  CommonOptions common;
  ReadOptions read;
  std::vector<Place> files;
};

struct InfoOptions {
  CommonOptions common;
  files::InputKind kind = files::InputKind::kDetect;
  std::vector<Place> files;
};

// The command `files`.
struct ListOptions {
  CommonOptions common;
};

struct PutOptions {
  CommonOptions common;
  // Not in the store.
  Place in;
  std::string name;
  bool overwrite = false;
};

struct GetOptions {
  CommonOptions common;
  std::string name;
  // Not in the store.
  Place out;
};

struct RemoveOptions {
  CommonOptions common;
  std::vector<std::string> names;
};

using FileOptions = std::variant<ConvertOptions, CatOptions, InfoOptions, ListOptions, PutOptions,
                                 GetOptions, RemoveOptions>;

}  // namespace scamper::cli
