"""The training itself: steps of a schedule, an average of the weights, a look at patches that it never saw."""

import copy
import math
import time
from dataclasses import dataclass

import torch

from losses import Preparation, area_loss, loss
from student import Student

LAST_RATE, WEIGHT_DECAY, STEEPEST = 1e-5, 0.01, 5.0
WARM_UP = 0.06
# The average of the weights forgets a step by and by: after 1,000 steps a third of it is left.
MEMORY = 0.999
# Rows of the corpus from which the principal components are computed.
PREPARATION_ROWS = 40_000
# Parts of the schedule between two lines of the log, between two looks at unseen patches.
LINE, LOOK = 0.02, 0.1
LOOK_ROWS = 4_096
# YAMNet names nothing below this score.
NAMED = 0.15


@dataclass
class Plan:
    batch: int
    # Patches of each batch that are made anew.
    fresh: int
    peak_rate: float
    # Steps and seconds; whichever ends first.
    steps: float
    seconds: float


def rate(peak, progress):
    """The learning rate at `progress` 0 to 1: a short rise, then half a cosine."""
    if progress < WARM_UP:
        return peak * (0.02 + 0.98 * progress / WARM_UP)
    falling = 0.5 + 0.5 * math.cos(math.pi * (progress - WARM_UP) / (1.0 - WARM_UP))
    return LAST_RATE + (peak - LAST_RATE) * falling


class Average:
    """A running average of a student's weights, its normalisation's included."""

    def __init__(self, student):
        self.student = copy.deepcopy(student).requires_grad_(False)

    @torch.no_grad()
    def follow(self, student):
        for mine, others in ((self.student.parameters(), student.parameters()), (self.floats(), floats(student))):
            torch._foreach_lerp_(list(mine), [other.detach() for other in others], 1.0 - MEMORY)

    def floats(self):
        return floats(self.student)


def floats(student):
    return [buffer for buffer in student.buffers() if buffer.is_floating_point()]


@torch.no_grad()
def look(student, preparation, part):
    """Loss, cosine of the embeddings, share of the patches that YAMNet names with the same best class."""
    was_training = student.training
    student.eval()
    answers = [student(patches) for patches in part.patches.split(512)]
    student.train(was_training)
    embeddings, scores = (torch.cat(parts) for parts in zip(*answers))
    # By slices, since the loss compares all pairs of its batch.
    slices = [part.split(512) for part in (embeddings, scores, part.embeddings, part.scores)]
    whole = torch.stack([loss(preparation, *one) for one in zip(*slices)]).mean().item()
    cosine = torch.cosine_similarity(embeddings, part.embeddings, dim=1).mean().item()
    named = part.scores.amax(1) >= NAMED
    same = (scores.argmax(1) == part.scores.argmax(1))[named].float().mean().item()
    return whole, f"loss {whole:.4f}, cosine {cosine:.3f}, same best class {same:.3f}"


def train_step(student, optimizer, preparation, batch):
    # bfloat16 saves time on processors that know it; weights and losses stay float32.
    with torch.autocast(batch.patches.device.type, torch.bfloat16):
        embeddings, scores, areas = student.answers(batch.patches)
    error = loss(preparation, embeddings.float(), scores.float(), batch.embeddings, batch.scores)
    if batch.areas is not None:
        error = error + area_loss(areas[-len(batch.areas) :].float(), batch.areas)
    optimizer.zero_grad(set_to_none=True)
    error.backward()
    torch.nn.utils.clip_grad_norm_(student.parameters(), STEEPEST)
    optimizer.step()
    return error.detach()


def fit(store, plan, grow, keep):
    """A student trained on the batches of `store`.

    `grow()` is called between steps and may add chunks; `keep(student)` gets a copy when half is done.
    """
    device = store.mixer.device
    preparation = Preparation(store.first(PREPARATION_ROWS).embeddings)
    unseen, seen = store.held_out(), store.first(LOOK_ROWS)
    student = Student().to(device, memory_format=torch.channels_last)
    average = Average(student)
    optimizer = torch.optim.AdamW(
        student.parameters(), plan.peak_rate, weight_decay=WEIGHT_DECAY, fused=device.type == "cuda"
    )
    started, step, since = time.time(), 0, 0
    total, halfway, next_line, next_look = torch.zeros((), device=device), False, 0.0, LOOK
    while (progress := max(step / plan.steps, (time.time() - started) / plan.seconds)) < 1.0:
        optimizer.param_groups[0]["lr"] = rate(plan.peak_rate, progress)
        total += train_step(student, optimizer, preparation, store.batch(plan.batch, plan.fresh))
        average.follow(student)
        step, since = step + 1, since + 1
        grow()
        if progress >= next_line:
            mean = total.item() / since
            if not math.isfinite(mean):
                raise SystemExit(f"the training broke at step {step}: the loss is {mean}")
            seconds = time.time() - started
            print(f"{progress:.0%}: step {step}, {store.count} patches, loss {mean:.4f}, {seconds:.0f} s", flush=True)
            total.zero_()
            since, next_line = 0, progress + LINE
        if progress >= next_look:
            for name, part in (("unseen", unseen), ("seen", seen)):
                print(f"    {name} patches: {look(average.student, preparation, part)[1]}", flush=True)
            next_look = progress + LOOK
        if progress >= 0.5 and not halfway:
            halfway = True
            keep(average.student)
    print(f"trained {step} steps of {plan.batch} patches, {plan.fresh} of them fresh, {time.time() - started:.0f} s")
    ends = {"averaged": average.student, "last": student}
    found = {name: look(one, preparation, unseen) for name, one in ends.items()}
    for name, (_, figures) in found.items():
        print(f"    {name} weights, unseen patches: {figures}", flush=True)
    return ends[min(found, key=lambda name: found[name][0])]
