// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_options.h"

#include <string_view>

#include "absl/strings/str_cat.h"

namespace scamper::cli {
namespace {

constexpr std::string_view kStore = "store:";

}  // namespace

Place ParsePlace(const std::string& text) {
  if (text == "-") return {Place::Kind::kStandard, ""};
  if (std::string_view(text).starts_with(kStore)) {
    return {Place::Kind::kStore, text.substr(kStore.size())};
  }
  return {Place::Kind::kPath, text};
}

std::string NameOf(const Place& place, const char* standard) {
  switch (place.kind) {
    case Place::Kind::kStandard:
      return standard;
    case Place::Kind::kStore:
      return std::string(kStore) + place.name;
    case Place::Kind::kPath:
      return place.name;
  }
  return place.name;
}

}  // namespace scamper::cli
