// SPDX-License-Identifier: Apache-2.0
#include "server/policy/policy.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scamper/v1/task.pb.h"
#include "server/policy/prefix_rules.h"
#include "server/records/probing.h"
#include "server/records/registry.h"

namespace scamper::policy {
namespace {

// By what a version of a file is told from others; nothing where there is no file.
using Version = std::optional<std::tuple<uint64_t, int64_t, int64_t, int64_t, int64_t, int64_t>>;

Version VersionOf(const std::string& path) {
  struct stat s;
  if (stat(path.c_str(), &s) != 0) return std::nullopt;
  return std::make_tuple(
      static_cast<uint64_t>(s.st_ino), static_cast<int64_t>(s.st_size),
      static_cast<int64_t>(s.st_mtim.tv_sec), static_cast<int64_t>(s.st_mtim.tv_nsec),
      static_cast<int64_t>(s.st_ctim.tv_sec), static_cast<int64_t>(s.st_ctim.tv_nsec));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return absl::ErrnoToStatus(errno, "");
  std::string text;
  char block[16384];
  while (const size_t count = std::fread(block, 1, sizeof block, file.get())) {
    text.append(block, count);
  }
  if (std::ferror(file.get()) != 0) return absl::ErrnoToStatus(errno, "");
  return text;
}

absl::StatusOr<std::shared_ptr<const PrefixRules>> ReadRules(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return absl::Status(
        text.status().code(),
        absl::StrCat("do_not_probe ", path, ": cannot be read", text.status().message()));
  }
  absl::StatusOr<PrefixRules> rules = PrefixRules::Parse(*text);
  if (!rules.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("do_not_probe ", path, ": ", rules.status().message()));
  }
  return std::make_shared<const PrefixRules>(*std::move(rules));
}

// The IPv4 address that packets to a translator (64:ff9b::/96, RFC 6052) or a 6to4 relay
// (2002::/16, RFC 3056) end at; nothing for other addresses.
std::optional<base::IpAddress> Behind(const base::IpPrefix& target) {
  constexpr std::array<uint8_t, 12> kTranslated = {0x00, 0x64, 0xff, 0x9b};
  const auto& bytes = target.address.bytes;
  if (!target.address.v6) return std::nullopt;
  size_t at = 0;
  if (base::Is6to4(target.address)) {
    at = 2;
  } else if (std::equal(kTranslated.begin(), kTranslated.end(), bytes.begin())) {
    at = kTranslated.size();
  } else {
    return std::nullopt;
  }
  base::IpAddress behind;
  std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), 4, behind.bytes.begin());
  return behind;
}

const PrefixRule* FindRule(const PrefixRules& rules, const base::IpPrefix& target) {
  const PrefixRule* rule = rules.Find(target);
  if (rule != nullptr) return rule;
  const std::optional<base::IpAddress> behind = Behind(target);
  return behind ? rules.Find(base::PrefixOf(*behind)) : nullptr;
}

const google::protobuf::OneofDescriptor& Kinds() {
  return *v1::Measurement::descriptor()->FindOneofByName("kind");
}

}  // namespace

struct Policy::File {
  std::string path;
  std::shared_ptr<const PrefixRules> rules;
  // Of what was read or refused last, and of what was seen last.
  Version read;
  Version seen;
};

Policy::Policy(PolicyOptions options) : options_(std::move(options)) {}

Policy::~Policy() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<std::unique_ptr<Policy>> Policy::Make(PolicyOptions options) {
  std::unique_ptr<Policy> policy(new Policy(std::move(options)));
  for (const std::string& name : policy->options_.allow_measurements) {
    const auto* kind = v1::Measurement::descriptor()->FindFieldByName(name);
    if (kind == nullptr || kind->containing_oneof() != &Kinds()) {
      std::vector<absl::string_view> names;
      for (int i = 0; i < Kinds().field_count(); ++i) names.push_back(Kinds().field(i)->name());
      return absl::InvalidArgumentError(
          absl::StrCat("allow_measurements: no measurement is named '", name, "'; there are ",
                       absl::StrJoin(names, ", ")));
    }
    policy->allowed_.insert(kind->number());
  }
  absl::MutexLock lock(&policy->mutex_);
  for (const std::string& path : policy->options_.do_not_probe) {
    const Version version = VersionOf(path);
    absl::StatusOr<std::shared_ptr<const PrefixRules>> rules = ReadRules(path);
    if (!rules.ok()) return rules.status();
    policy->files_.push_back(
        std::make_unique<File>(File{path, *std::move(rules), version, version}));
  }
  return policy;
}

absl::Status Policy::Check(const v1::Measurement& measurement) const {
  if (!allowed_.empty() && !allowed_.contains(measurement.kind_case())) {
    const auto* kind = v1::Measurement::descriptor()->FindFieldByNumber(measurement.kind_case());
    return absl::PermissionDeniedError(
        absl::StrCat(kind == nullptr ? "it" : kind->name(), " is refused by allow_measurements (",
                     absl::StrJoin(options_.allow_measurements, ", "), ")"));
  }
  return CheckTargets(measurement);
}

absl::Status Policy::CheckTargets(const v1::Measurement& measurement) const {
  const records::Probing probing = records::ProbingOf(measurement);
  if (!options_.allow_spoofing && !probing.spoofing.empty()) {
    return absl::PermissionDeniedError(
        absl::StrCat(probing.spoofing[0], " is refused: spoofed sources need allow_spoofing"));
  }
  absl::MutexLock lock(&mutex_);
  for (const std::unique_ptr<File>& file : files_) {
    for (const records::Target& target : probing.targets) {
      const PrefixRule* rule = FindRule(*file->rules, target.prefix);
      if (rule == nullptr) continue;
      const bool one = target.prefix == base::PrefixOf(target.prefix.address);
      return absl::PermissionDeniedError(absl::StrCat(
          target.field, " ",
          one ? base::FormatIpAddress(target.prefix.address) : base::FormatIpPrefix(target.prefix),
          " is refused by do_not_probe ", absl::CHexEscape(file->path), ":", rule->line, " (",
          base::FormatIpPrefix(rule->prefix),
          rule->comment.empty() ? "" : absl::StrCat(", \"", rule->comment, "\""), ")"));
    }
  }
  return absl::OkStatus();
}

void Policy::Refresh(const std::function<void(const std::string&)>& log) {
  for (size_t i = 0; i < options_.do_not_probe.size(); ++i) {
    const std::string& path = options_.do_not_probe[i];
    const Version version = VersionOf(path);
    {
      absl::MutexLock lock(&mutex_);
      File& file = *files_[i];
      const bool settled = version == std::exchange(file.seen, version);
      if (!settled || version == file.read) continue;
    }
    absl::StatusOr<std::shared_ptr<const PrefixRules>> rules = ReadRules(path);
    if (VersionOf(path) != version) continue;
    log(rules.ok()
            ? absl::StrCat("do_not_probe ", path, ": read again, ", (*rules)->size(), " rules")
            : absl::StrCat(rules.status().message(), "; the rules read before stay"));
    absl::MutexLock lock(&mutex_);
    files_[i]->read = version;
    if (rules.ok()) files_[i]->rules.swap(*rules);
  }
}

void Policy::KeepFresh(absl::Duration interval, std::function<void(const std::string&)> log) {
  if (options_.do_not_probe.empty()) return;
  thread_ = std::thread([this, interval, log = std::move(log)] {
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval)) return;
      }
      Refresh(log);
    }
  });
}

}  // namespace scamper::policy
